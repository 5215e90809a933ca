import { monitorEventLoopDelay } from "node:perf_hooks";
import type { HistoryCounts } from "@bookproof/testing";
import type { CellId } from "../matrix.ts";
import { reorderCallbacks, repeatEvents } from "./events-again.ts";
import { createFaultBoard, type FaultBoard } from "./fault-board.ts";
import { judge } from "./judge.ts";
import type { Plan } from "./plan.ts";
import { scenarios } from "./scenarios.ts";
import { untilSettled } from "./settle.ts";
import type { Story } from "./story.ts";
import { type SeedTenant, tenantOfSeed, withNewGrant } from "./tenant-of-seed.ts";
import { received } from "./texting.ts";
import type { World } from "./world.ts";

/** How long faults that have not struck yet are waited for before they are healed, and what healing may take, in ms. */
const strikeWithinMs = 4_000;
const settleWithinMs = 20_000;

export interface SeedResult {
  plan: Plan;
  /** The cells that really fired. */
  cells: CellId[];
  violations: string[];
  counts: HistoryCounts;
  /** What struck, and what the story noted. */
  log: string[];
  texts: string[];
  /** How long this process stood still at most: what is late in a story may be late by that. */
  slowestTickMs: number;
  ms: number;
}

/** Plays one plan in a world whose tenant is already known there, heals it, waits, and judges what is left. */
export async function runSeed(options: {
  world: World;
  plan: Plan;
  /** The other tenants of the world, to see what crosses. */
  others: SeedTenant[];
  /** Tells who wants to hear of errors that nobody caught. */
  onUncaught: (listener: (what: string) => void) => void;
}): Promise<SeedResult> {
  const { world, plan, others, onUncaught } = options;
  const began = performance.now();
  const ticks = monitorEventLoopDelay();
  ticks.enable();
  const tenant = tenantOfSeed(plan);
  const board = createFaultBoard(world, plan, tenant);
  const violations: string[] = [];
  const notes: string[] = [];
  let confirming = false;
  const story: Story = {
    ...{ world, plan, tenant, voice: [] },
    confirming() {
      if (!confirming) board.arm("confirm");
      confirming = true;
    },
    note: (what) => notes.push(what),
    violation: (what) => violations.push(what),
  };
  onUncaught((what) => violations.push(what));

  // Reports of deliveries are half of all requests: some stories do without, as where Twilio cannot reach us.
  const callbacks = plan.seed % 3 === 0 || plan.faults.some(({ kind }) => kind === "callbacks_reordered");
  world.twilio.setDelivery({ stepMs: 10, callbacks });
  board.arm("start");
  await scenarios[plan.scenario](story).catch((error: unknown) => {
    violations.push(`the story broke off: ${error instanceof Error ? error.stack : String(error)}`);
  });
  await untilSettled(world, tenant, { withinMs: strikeWithinMs, until: board.allStruck });
  board.heal();
  if (plan.faults.some((fault) => "name" in fault && fault.name === "google_invalid_grant")) await connectAgain(story);
  await world.allRunning();
  const healedAt = Date.now();
  const allTakeBacks = plan.faults.some((fault) => "name" in fault && fault.name === "google_slow");
  const settling = { withinMs: settleWithinMs, allTakeBacks };
  let left = await untilSettled(world, tenant, settling);
  if (plan.faults.some(({ kind }) => kind === "events_repeated")) await repeatEvents(story);
  if (plan.faults.some(({ kind }) => kind === "callbacks_reordered")) await reorderCallbacks(story);
  if (left.length === 0) left = await untilSettled(world, tenant, settling);
  if (left.length > 0) violations.push(`not settled ${settleWithinMs} ms after healing: ${left.join(", ")}`);

  ticks.disable();
  const report = await judge(story, others, healedAt);
  violations.push(...report.violations.map(({ invariant, subject, what }) => `${invariant}: ${what} (${subject})`));
  return {
    plan,
    cells: [...new Set([...board.struck(), ...cellsOfRules(plan, board, story, report.counts), ...cellsNoted(notes)])],
    violations,
    counts: report.counts,
    log: [...board.log, ...notes],
    slowestTickMs: Math.round(ticks.max / 1e6),
    texts: textsOf(world, tenant),
    ms: Math.round(performance.now() - began),
  };
}

/** The owner connects the calendar again: with a grant that is gone nobody can look whether an event must be taken back. */
async function connectAgain({ world, tenant }: Story): Promise<void> {
  await world.allRunning();
  await world.booking.applyTenant(withNewGrant(tenant), { deadline: 30_000 });
}

const cellsNoted = (notes: string[]) => notes.filter((note): note is CellId => /^[a-z_]+\/[A-E]$/.test(note));

/** A vendor's fault fires in the stage of its request, and in those that followed from it. */
function cellsOfRules(plan: Plan, board: FaultBoard, { tenant, ...story }: Story, counts: HistoryCounts): CellId[] {
  const said = tenant.customers.flatMap((customer) => received({ ...story, tenant }, customer));
  return plan.faults.flatMap((fault): CellId[] => {
    if ((fault.kind !== "google" && fault.kind !== "twilio") || board.strikes(fault).length === 0) return [];
    const { name } = fault;
    if (fault.kind === "twilio") return [`${name}/${fault.to === "owner" ? "E" : "D"}`];
    if (fault.phase === "start") return [`${name}/B`];
    const told = said.some((body) => /finalizing|hit a snag/.test(body));
    return [`${name}/C`, ...(told ? [`${name}/D` as const] : []), ...(counts.alerts > 0 ? [`${name}/E` as const] : [])];
  });
}

/** Everything Twilio carried in the story, in order. */
function textsOf(world: World, { business }: SeedTenant): string[] {
  return world.twilio.ledger
    .messages()
    .filter(({ from, to }) => from === business || to === business)
    .toSorted((a, b) => a.acceptedAt - b.acceptedAt)
    .map(
      ({ acceptedAt, from, to, body, status }) =>
        `${new Date(acceptedAt).toISOString().slice(14, 23)} ${from} → ${to} [${status}] ${body}`,
    );
}
