import type { FaultRuleInput } from "@bookproof/simulators";
import { type CellId, cellsOf, type FaultName, type Stage } from "../matrix.ts";
import { cutPoints, killPoints } from "./call-points.ts";
import type { Plan, PlannedFault, ScenarioName } from "./plan.ts";
import { createRandom, type Random } from "./random.ts";
import { serviceNames } from "./services.ts";

/** Of twenty plans: how many have no fault, and how many any faults that come. The others walk through the matrix. */
const cleanIn20 = 2;
const randomIn20 = 6;

export interface Focus {
  cells?: CellId[];
  scenario?: ScenarioName;
}

/** The plan of a seed. `focus` narrows what plans are about; without it, consecutive seeds walk through the whole matrix. */
export function makePlan(seed: number, focus: Focus = {}): Plan {
  const random = createRandom(Math.imul(seed + 1, 0x9e3779b1));
  const aim = aimOf(seed, focus.cells);
  const plan: Plan = {
    seed,
    aim,
    scenario: "sms",
    calendar: random.chance(0.75) ? "google" : "builtin",
    owner: { vip: random.chance(0.3), email: random.chance(0.3) },
    needsAddress: random.chance(0.2),
    wanted: { days: random.int(2, 40), minutes: 30 * random.int(0, 13) },
    faults: [],
  };
  if (aim === "clean") plan.scenario = random.pick(cleanScenarios);
  else if (aim === "random") makeRandom(plan, random);
  else makeAimed(plan, aim, random);
  if (focus.scenario) plan.scenario = focus.scenario;
  return plan;
}

function aimOf(seed: number, wanted: CellId[] | undefined): Plan["aim"] {
  const place = seed % 20;
  if (wanted) return wanted[seed % wanted.length] ?? "random";
  if (place < cleanIn20) return "clean";
  if (place < cleanIn20 + randomIn20) return "random";
  const all = cellsOf("A");
  const turn = Math.floor(seed / 20) * (20 - cleanIn20 - randomIn20) + place - cleanIn20 - randomIn20;
  return all[turn % all.length] ?? "random";
}

const cleanScenarios: readonly ScenarioName[] = [
  "sms",
  "sms",
  "voice",
  "late_confirm",
  "two_customers",
  "double_confirm",
];
const bookings: readonly ScenarioName[] = [
  ...(["sms", "sms", "sms", "voice", "voice", "late_confirm", "late_confirm_lost", "double_confirm"] as const),
  ...(["two_customers", "stop_after_confirm", "webhooks_repeated", "webhooks_reordered"] as const),
];

function makeRandom(plan: Plan, random: Random): void {
  plan.scenario = random.pick(bookings);
  for (let left = random.int(1, 3); left > 0; left--) plan.faults.push(anyFault(random));
}

function anyFault(random: Random): PlannedFault {
  const stage = random.pick(["A", "B", "C", "D", "E"] as const);
  const roll = random.next();
  if (roll < 0.3) return kill(stage, random);
  if (roll < 0.5) return killAnywhere(random);
  if (roll < 0.6) return cut(stage, random);
  if (roll < 0.8) return googleFault(random.pick(googleFaults), random.pick(["insert", "get", "busy"]), random);
  return twilioFault(random.pick(twilioFaults), random.pick(["customer", "owner"]), random);
}

/** What makes an attempt fail, so that there is an alert for a fault to strike. */
function failingCalendar(random: Random): PlannedFault {
  const rule = { kind: "fail-before" as const, status: random.pick([500, 503]) };
  return { kind: "google", name: "google_5xx", at: "insert", rule, phase: "confirm", stage: "E" };
}

const whenOf = (random: Random) => random.pick(["before", "after"] as const);
const phaseOf = (stage: Stage) => (stage === "A" || stage === "B" ? "start" : "confirm");

function kill(stage: Stage, random: Random): PlannedFault {
  const at = { ...random.pick(killPoints[stage]), skip: stage === "A" || stage === "B" ? random.int(0, 1) : 0 };
  const restartMs = random.int(0, 300);
  return { kind: "kill", victim: at.service, at, when: whenOf(random), restartMs, phase: phaseOf(stage), stage };
}

/** At any call of any service, whatever it is. */
function killAnywhere(random: Random): PlannedFault {
  const victim = random.pick(serviceNames);
  const service = random.chance(0.7) ? victim : random.pick(serviceNames);
  const at = { service, skip: random.int(0, 60) };
  const phase = random.pick(["start", "confirm"] as const);
  return { kind: "kill", victim, at, when: whenOf(random), restartMs: random.int(0, 300), phase };
}

function cut(stage: Stage, random: Random): PlannedFault {
  const at = random.pick(cutPoints[stage]);
  return { kind: "postgres_cut", at, when: whenOf(random), phase: phaseOf(stage), stage };
}

const googleRules = {
  google_5xx: { kind: "fail-before", status: 503 },
  google_timeout_before: { kind: "time-out-before" },
  google_timeout_after: { kind: "time-out-after" },
  google_slow: { kind: "delay", delayMs: 250 },
  google_quota: { kind: "fail-before", status: 403, code: "rateLimitExceeded" },
  google_429: { kind: "fail-before", status: 429, code: "rateLimitExceeded" },
  google_invalid_grant: { kind: "fail-before", status: 400, code: "invalid_grant" },
} satisfies Record<string, Omit<FaultRuleInput, "match">>;
const googleFaults = Object.keys(googleRules) as (keyof typeof googleRules)[];

type GooglePlace = "insert" | "get" | "busy" | "token";

function googleFault(name: keyof typeof googleRules, at: GooglePlace, random: Random, times?: number): PlannedFault {
  const place = name === "google_invalid_grant" ? "token" : at;
  const rule: Omit<FaultRuleInput, "match"> = { ...googleRules[name], times: times ?? random.int(1, 4) };
  // Within the insert's time, after it, and after the whole attempt: then it must be taken back.
  if (rule.kind === "delay") rule.delayMs = random.pick([250, 900, 3_000]);
  return { kind: "google", name, at: place, rule, phase: at === "busy" ? "start" : "confirm" };
}

const twilioRules = {
  twilio_5xx: { kind: "fail-before", status: 503 },
  twilio_timeout_before: { kind: "time-out-before" },
  twilio_timeout_after: { kind: "time-out-after" },
  twilio_slow: { kind: "delay", delayMs: 300 },
  twilio_21610: { kind: "fail-before", status: 400, code: 21610 },
  twilio_401: { kind: "fail-before", status: 401, code: 20003 },
  twilio_429: { kind: "fail-before", status: 429, code: 20429 },
} satisfies Record<string, Omit<FaultRuleInput, "match">>;
const twilioFaults = Object.keys(twilioRules) as (keyof typeof twilioRules)[];

function twilioFault(name: keyof typeof twilioRules, to: "customer" | "owner", random: Random): PlannedFault {
  const rule = { ...twilioRules[name], times: random.int(1, 3) };
  return { kind: "twilio", name, to, rule, phase: "confirm", stage: to === "owner" ? "E" : "D" };
}

function makeAimed(plan: Plan, aim: CellId, random: Random): void {
  const [name, stage] = aim.split("/") as [FaultName, Stage];
  plan.scenario = stage === "A" || stage === "E" ? "sms" : random.pick(["sms", "sms", "double_confirm"]);
  if (name.startsWith("google") || stage === "E") plan.calendar = "google";
  if (name === "kill") plan.faults = [kill(stage, random)];
  if (name === "postgres_cut") plan.faults = [cut(stage, random)];
  if (name in googleRules) aimAtGoogle(plan, name as keyof typeof googleRules, stage, random);
  if (name in twilioRules)
    plan.faults = [twilioFault(name as keyof typeof twilioRules, stage === "E" ? "owner" : "customer", random)];
  if (name === "events_repeated") plan.faults = [{ kind: "events_repeated", phase: "confirm", stage }];
  if (name === "callbacks_reordered") plan.faults = [{ kind: "callbacks_reordered", phase: "confirm", stage }];
  if (name === "webhook_repeated" || name === "webhook_concurrent") plan.scenario = "webhooks_repeated";
  if (name === "webhook_reordered") plan.scenario = "webhooks_reordered";
  if (name === "bad_input") plan.scenario = "bad_input";
  if (stage === "E" && !name.startsWith("google")) plan.faults.unshift(failingCalendar(random));
  if (name === "kill" && stage === "C" && random.chance(0.3)) plan.scenario = "voice";
}

function aimAtGoogle(plan: Plan, name: keyof typeof googleRules, stage: Stage, random: Random): void {
  if (stage === "B") {
    plan.faults = [googleFault(name, "busy", random)];
    return;
  }
  // Often enough at the insert that the attempt fails, for the stages that follow from it.
  plan.faults = [googleFault(name, "insert", random, stage === "C" ? random.int(1, 2) : 20)];
  if (stage === "E" && name.startsWith("google_timeout")) plan.faults.push(googleFault(name, "get", random, 20));
  if (stage !== "D" || name === "google_invalid_grant") return;
  const at = { service: "booking" as const, label: "calendar.getEvent" };
  plan.faults.push({
    kind: "kill",
    victim: "booking",
    at,
    when: "before",
    restartMs: random.int(0, 100),
    phase: "confirm",
    stage: "C",
  });
}
