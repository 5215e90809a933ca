import type { FiredFault } from "@bookproof/simulators";
import type { CellId } from "../matrix.ts";
import { matchesPoint, stageOf } from "./call-points.ts";
import type { CallPoint, Phase, Plan, PlannedFault } from "./plan.ts";
import { cut, cutAtNextAnswer } from "./postgres-connections.ts";
import type { SeedTenant } from "./tenant-of-seed.ts";
import type { OutsideCall } from "./watch-calls.ts";
import type { World } from "./world.ts";

/** What happened to the faults of one plan. */
export interface FaultBoard {
  /** Lets the faults of a phase strike from now on. */
  arm(phase: Phase): void;
  /** Whether each fault that can strike by itself has done so. */
  allStruck(): boolean;
  /** Ends all faults. */
  heal(): void;
  /** What struck, where, in which order. */
  log: string[];
  /** The cells whose fault struck in a call of their stage. */
  struck(): Set<CellId>;
  /** How often the simulators struck, by the fault's place in the plan. */
  strikes(fault: PlannedFault): FiredFault[];
}

interface Trap {
  at: CallPoint;
  heardWhen: "before" | "after";
  left: number;
  spring(call: OutsideCall): void;
}

/** Puts a plan's faults into a world. Only this plan's seed may run in it. */
export function createFaultBoard(world: World, plan: Plan, tenant: SeedTenant): FaultBoard {
  const traps = new Set<Trap>();
  const log: string[] = [];
  const cells = new Set<CellId>();
  const rules = new Map<PlannedFault, number>();
  let confirmed = false;
  let planned = 0;

  world.setListener((call, when) => {
    for (const trap of traps) {
      if (trap.heardWhen !== when || !matchesPoint(trap.at, call)) continue;
      if (trap.left > 0) {
        trap.left -= 1;
        continue;
      }
      traps.delete(trap);
      trap.spring(call);
      return;
    }
  });

  function setTrap(fault: PlannedFault & { kind: "kill" | "postgres_cut" }): void {
    const { at, when } = fault;
    traps.add({
      at,
      // A connection must be made deaf before its answer can come.
      heardWhen: fault.kind === "postgres_cut" ? "before" : when,
      left: at.skip ?? 0,
      spring(call) {
        const stage = fault.stage ?? stageOf(call, confirmed);
        const where = `${when} ${call.service}'s ${call.label}${at.wrote ? ` (wrote ${at.wrote})` : ""}, stage ${stage}`;
        cells.add(`${fault.kind}/${stage}`);
        if (fault.kind === "kill") {
          log.push(`kill ${fault.victim} ${where}, back after ${fault.restartMs} ms`);
          world.crash(fault.victim, fault.restartMs);
          return;
        }
        log.push(`cut Postgres ${where}`);
        // Before: the statement fails unsent. After: it is carried out, and its answer is lost.
        if (call.socket) (when === "before" ? cut : cutAtNextAnswer)(call.socket);
      },
    });
  }

  function addRule(fault: PlannedFault & { kind: "google" | "twilio" }): void {
    if (fault.kind === "google") {
      const calendar = `/calendars/${encodeURIComponent(tenant.googleCalendarId)}/events`;
      const match = {
        insert: { method: "POST", path: calendar },
        get: { method: "GET", path: calendar },
        busy: { method: "POST", path: "/freeBusy" },
        token: { method: "POST", path: "/token" },
      }[fault.at];
      if (fault.at === "token") world.google.expireAccessTokens();
      rules.set(fault, world.google.faults.add({ ...fault.rule, match }).id);
      return;
    }
    const to = fault.to === "owner" ? tenant.owner : tenant.customers[0];
    rules.set(fault, world.twilio.faults.add({ ...fault.rule, match: { method: "POST", to } }).id);
  }

  const strikes = (fault: PlannedFault): FiredFault[] => {
    const simulator = fault.kind === "google" ? world.google : world.twilio;
    const id = rules.get(fault);
    return id === undefined ? [] : simulator.faults.fired().filter(({ ruleId }) => ruleId === id);
  };

  return {
    log,
    strikes,
    arm(phase) {
      if (phase === "confirm") confirmed = true;
      for (const fault of plan.faults.filter((candidate) => candidate.phase === phase)) {
        planned += 1;
        if (fault.kind === "kill" || fault.kind === "postgres_cut") setTrap(fault);
        if (fault.kind === "google" || fault.kind === "twilio") addRule(fault);
      }
    },
    allStruck: () =>
      planned === 0 || (traps.size === 0 && [...rules.keys()].every((fault) => strikes(fault).length > 0)),
    heal() {
      for (const fault of rules.keys())
        for (const { method, path } of strikes(fault)) log.push(strikeLine(fault, method, path));
      traps.clear();
      world.setListener(undefined);
      world.google.faults.clear();
      world.twilio.faults.clear();
    },
    struck: () => cells,
  };
}

const strikeLine = (fault: PlannedFault, method: string, path: string) =>
  `${"name" in fault ? fault.name : fault.kind} at ${method} ${path.split("?")[0]}`;
