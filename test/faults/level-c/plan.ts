import type { ServiceName } from "@bookproof/launcher";
import { createRandom, type Random } from "../level-a/random.ts";
import { type Stage, stages } from "../matrix.ts";
import { type WireEnd, wireEnds } from "./wires.ts";

/** One fault, and where in a customer's journey it strikes. */
export type Strike = { stage: Stage /** From the moment the journey is there. */; delayMs: number } & (
  | { fault: "kill"; service: ServiceName }
  | { fault: "postgres_restart" }
  | { fault: "kafka_down" }
  | { fault: "pause"; service: ServiceName; ms: number }
  | { fault: "half_open"; service: ServiceName; end: WireEnd; ms: number }
  | { fault: "commit_cut"; service: ServiceName; when: "before" | "after" }
  | { fault: "clock_jump"; service: ServiceName; shiftMs: number; ms: number }
);
export type KillStrike = Extract<Strike, { fault: "kill" | "postgres_restart" | "kafka_down" }>;

export const isKill = (strike: Strike): strike is KillStrike =>
  strike.fault === "kill" || strike.fault === "postgres_restart" || strike.fault === "kafka_down";

/** Whose death matters in a stage. */
const servicesAt: Record<Stage, ServiceName[]> = {
  A: ["gateway", "agent", "notifier"],
  B: ["agent", "booking", "calendar", "gateway"],
  C: ["booking", "calendar", "agent"],
  D: ["notifier", "booking", "agent"],
  E: ["notifier", "booking", "agent"],
};
/** How long after the journey got there a kill comes, at most: about as long as the stage lasts. */
const longestDelayMs: Record<Stage, number> = { A: 60, B: 250, C: 350, D: 250, E: 250 };
const hourMs = 60 * 60_000;

/** An endless plan by seed: each pass strikes every cell at least once, in another order. */
export function createPlan(seed: number, hasKafka: boolean) {
  const random = createRandom(seed);
  let kills: KillStrike[] = [];
  let others: Strike[] = [];
  return {
    nextKill(): KillStrike {
      if (kills.length === 0) kills = shuffle(random, passOfKills(random, hasKafka));
      const next = kills.pop();
      if (!next) throw new Error("a pass has at least one kill");
      return next;
    },
    nextOther(): Strike {
      if (others.length === 0) others = shuffle(random, passOfOthers(random));
      const next = others.pop();
      if (!next) throw new Error("a pass has at least one fault");
      return next;
    },
    random,
  };
}

function passOfKills(random: Random, hasKafka: boolean): KillStrike[] {
  const delayMs = (stage: Stage) => random.int(0, longestDelayMs[stage]);
  const ofServices = stages.flatMap((stage) =>
    shuffle(random, servicesAt[stage])
      .slice(0, 2)
      .map((service): KillStrike => ({ fault: "kill", service, stage, delayMs: delayMs(stage) })),
  );
  const ofPostgres = stages.map((stage): KillStrike => ({ fault: "postgres_restart", stage, delayMs: delayMs(stage) }));
  const ofKafka: KillStrike[] = hasKafka ? [{ fault: "kafka_down", stage: "E", delayMs: random.int(0, 100) }] : [];
  return [...ofServices, ...ofPostgres, ...ofKafka];
}

function passOfOthers(random: Random): Strike[] {
  const at = (stage: Stage) => ({
    stage,
    delayMs: random.int(0, longestDelayMs[stage]),
    service: random.pick(servicesAt[stage]),
  });
  const halfOpen = (stage: Stage): Strike => {
    const where = at(stage);
    const end = random.pick(wireEnds.filter((one) => one !== where.service));
    return { ...where, fault: "half_open", end, ms: random.int(2_000, 8_000) };
  };
  const commitCut = (stage: Stage, when: "before" | "after"): Strike => ({ ...at(stage), fault: "commit_cut", when });
  const pause = (stage: Stage, ms: number): Strike => ({ ...at(stage), fault: "pause", ms });
  const clock = (stage: Stage): Strike => {
    const shiftMs = random.pick([hourMs, -hourMs]);
    return { ...at(stage), delayMs: 0, fault: "clock_jump", shiftMs, ms: random.int(3_000, 6_000) };
  };
  return [
    ...[pause(random.pick(stages), random.int(1_000, 4_000)), pause("C", random.int(1_000, 4_000))],
    // Longer than a job's lease: somebody else has its work when it goes on.
    pause(random.pick(["C", "E"]), 17_000),
    ...[halfOpen("B"), halfOpen("C"), halfOpen("E")],
    ...[commitCut("B", "after"), commitCut("C", "before"), commitCut("C", "after"), commitCut("E", "after")],
    ...[clock("A"), clock("B"), clock("C")],
  ];
}

function shuffle<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}

/** `kill booking at C + 120 ms`. */
export function nameOf(strike: Strike): string {
  const parts: Record<Strike["fault"], (one: Strike) => string> = {
    kill: (one) => ("service" in one ? one.service : ""),
    postgres_restart: () => "",
    kafka_down: () => "",
    pause: (one) => (one.fault === "pause" ? `${one.service} for ${one.ms} ms` : ""),
    half_open: (one) => (one.fault === "half_open" ? `${one.service}>${one.end} for ${one.ms} ms` : ""),
    commit_cut: (one) => (one.fault === "commit_cut" ? `${one.service} ${one.when} Postgres heard` : ""),
    clock_jump: (one) =>
      one.fault === "clock_jump" ? `${one.service} by ${one.shiftMs / hourMs} h for ${one.ms} ms` : "",
  };
  return `${strike.fault} ${parts[strike.fault](strike)} at ${strike.stage} + ${strike.delayMs} ms`;
}
