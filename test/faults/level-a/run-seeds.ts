import { type Focus, makePlan } from "./make-plan.ts";
import { followConnections } from "./postgres-connections.ts";
import { runSeed, type SeedResult } from "./run-seed.ts";
import { type Running, running } from "./running.ts";
import { tenantOfSeed } from "./tenant-of-seed.ts";
import type { Wires } from "./wires.ts";
import { startWorld, type World } from "./world.ts";

/** A world is left after so many seeds: its ledgers grow, and every sweep asks for each of its tenants. */
const seedsOfAWorld = 24;

export interface SeedRange {
  first: number;
  /** Every how many-th seed is taken. */
  step: number;
  count: number;
}

/** Runs seeds side by side, each world one after the other. `take` hears of each as it ends, and says whether to go on. */
export async function runSeeds(options: {
  serverUrl: string;
  range: SeedRange;
  worlds: number;
  focus: Focus;
  take: (result: SeedResult) => boolean;
}): Promise<void> {
  const { serverUrl, range, focus, take } = options;
  let next = 0;
  let goOn = true;
  const listeners = new Map<Wires, (what: string) => void>();
  followConnections();
  const stopListening = hearUncaught((instance, what) => listeners.get(instance.wires)?.(what));

  /** The seeds that the next world plays. */
  function claim(): number[] {
    const left = Math.ceil((range.count - next) / options.worlds);
    const size = Math.min(seedsOfAWorld, Math.max(1, left));
    const seeds = [];
    for (; seeds.length < size && next < range.count; next++) seeds.push(range.first + next * range.step);
    return seeds;
  }

  async function playInOneWorld(seeds: number[]): Promise<void> {
    const world = await startWorld(serverUrl);
    try {
      await applyTenants(world, seeds, focus);
      for (const seed of seeds) {
        if (!goOn) break;
        const others = seeds.filter((other) => other !== seed).map((other) => tenantOfSeed(makePlan(other, focus)));
        const onUncaught = (listener: (what: string) => void) => listeners.set(world.wires, listener);
        const result = await runSeed({ world, plan: makePlan(seed, focus), others, onUncaught });
        if (!take(result)) goOn = false;
      }
    } finally {
      listeners.delete(world.wires);
      await world.close();
    }
  }

  async function playOn(): Promise<void> {
    for (let seeds = claim(); seeds.length > 0 && goOn; seeds = claim()) await playInOneWorld(seeds);
  }

  const players = Array.from({ length: Math.min(options.worlds, range.count) }, () =>
    playOn().catch((error: unknown) => {
      goOn = false;
      throw error;
    }),
  );
  // All of them, or the first to fail would leave the others without their database.
  const ended = await Promise.allSettled(players);
  stopListening();
  for (const player of ended) if (player.status === "rejected") throw player.reason;
}

/** All tenants of a world at once, known to gateway and notifier before the first text comes. */
async function applyTenants(world: World, seeds: number[], focus: Focus): Promise<void> {
  for (const seed of seeds) {
    const { request } = tenantOfSeed(makePlan(seed, focus));
    await world.booking.applyTenant(request, { deadline: 30_000 });
    const { accountSid = "", authToken = "" } = request.twilio ?? {};
    world.twilio.addAccount({ sid: accountSid, authToken, phoneNumbers: request.tenant?.phoneNumbers ?? [] });
  }
}

/** An error that nobody caught ends a process of the product: in a live instance it is a finding, a dead one may say what it likes. */
function hearUncaught(take: (instance: Running, what: string) => void): () => void {
  const hear = (error: unknown) => {
    const instance = running.getStore();
    if (!instance) throw error;
    if (!instance.isDead()) take(instance, `uncaught in ${instance.service}: ${describe(error)}`);
  };
  // The job queue's library traces connections that it lost to the console.
  const { trace } = console;
  console.trace = (...args: unknown[]) => {
    if (!running.getStore()) trace(...args);
  };
  process.on("unhandledRejection", hear);
  process.on("uncaughtException", hear);
  return () => {
    console.trace = trace;
    process.off("unhandledRejection", hear);
    process.off("uncaughtException", hear);
  };
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
