import { baseEnv, envValue, type InFlightLimits, inFlightLimits, parseEnv } from "@bookproof/service";
import { z } from "zod";

const env = baseEnv.extend({
  INTERNAL_BLOCKLIST_E164: envValue.phoneList,
  TRACE_RETENTION_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "must be a whole number of days, from 1 to 99999")
    .transform(Number)
    .default(90),
});

export interface Config {
  logLevel: string;
  traceSms: boolean;
  databaseUrl: string;
  listenAddr: string;
  /** Calls in flight. */
  inFlight: InFlightLimits;
  /** After how long a job of a dead worker runs again, in milliseconds. */
  jobLeaseMs: number;
  /** How many jobs a worker runs at once; each looks for work twice a second. */
  jobsAtOnce: number;
  bookingAddr: string;
  notifierAddr: string;
  /** E.164 numbers that are never answered. */
  internalBlocklist: ReadonlySet<string>;
  /** When a message that no turn has read is brought to the owner. */
  unreadAlertMs: number;
  /** When a CONFIRM without a recorded outcome is brought to the owner. */
  confirmAlertMs: number;
  /** After a lost slot, how long the customer has to confirm another before the owner is told. */
  lostSlotAlertMs: number;
  traceRetention: TraceRetention;
}

export interface TraceRetention {
  /** Traces older than so many days are deleted. */
  days: number;
  /** How many rows one statement deletes at most. */
  batchRows: number;
  /** The pause between two statements. */
  pauseMs: number;
}

/** @throws ConfigError naming the variable that is missing or wrong. */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const parsed = parseEnv(env, variables);
  return {
    logLevel: parsed.LOG_LEVEL,
    traceSms: parsed.FEATURE_TRACE_SMS,
    databaseUrl: parsed.DATABASE_URL,
    listenAddr: parsed.LISTEN_ADDR,
    inFlight: inFlightLimits,
    jobLeaseMs: 15_000,
    jobsAtOnce: 10,
    bookingAddr: parsed.BOOKING_ADDR,
    notifierAddr: parsed.NOTIFIER_ADDR,
    internalBlocklist: new Set(parsed.INTERNAL_BLOCKLIST_E164),
    unreadAlertMs: 60_000,
    confirmAlertMs: 20_000,
    lostSlotAlertMs: 30 * 60_000,
    traceRetention: { days: parsed.TRACE_RETENTION_DAYS, batchRows: 5_000, pauseMs: 200 },
  };
}
