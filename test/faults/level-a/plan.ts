import type { FaultRuleInput } from "@bookproof/simulators";
import type { CellId, FaultName, Stage } from "../matrix.ts";
import type { ServiceName } from "./services.ts";

/** A moment in the life of a service: an outside call, by its label or by its number. */
export interface CallPoint {
  service: ServiceName;
  /** As in OutsideCall; absent means whatever call comes. */
  label?: string;
  /** The statement's transaction must have written this. */
  wrote?: string;
  /** So many that match are let by first. */
  skip?: number;
}

/** From when on a fault may strike: from the first text, or from the CONFIRM. */
export type Phase = "start" | "confirm";

export type PlannedFault = { phase: Phase; stage?: Stage } & (
  | { kind: "kill"; victim: ServiceName; at: CallPoint; when: "before" | "after"; restartMs: number }
  | { kind: "postgres_cut"; at: CallPoint; when: "before" | "after" }
  | { kind: "google"; name: FaultName; at: "insert" | "get" | "busy" | "token"; rule: Omit<FaultRuleInput, "match"> }
  | { kind: "twilio"; name: FaultName; to: "customer" | "owner"; rule: Omit<FaultRuleInput, "match"> }
  | { kind: "events_repeated" | "callbacks_reordered" }
);

export const scenarioNames = [
  "sms",
  "late_confirm",
  "late_confirm_lost",
  "double_confirm",
  "voice",
  "stop_after_confirm",
  "two_customers",
  "webhooks_repeated",
  "webhooks_reordered",
  "bad_input",
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** Everything that happens to one tenant; a seed gives it again. */
export interface Plan {
  seed: number;
  /** What it was made for: a cell of the matrix, "clean" or "random". */
  aim: CellId | "clean" | "random";
  scenario: ScenarioName;
  calendar: "google" | "builtin";
  owner: { vip: boolean; email: boolean };
  needsAddress: boolean;
  /** Days ahead and minutes after nine of the wanted time. */
  wanted: { days: number; minutes: number };
  faults: PlannedFault[];
}
