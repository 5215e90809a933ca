import { baseEnv, envValue, type InFlightLimits, inFlightLimits, parseEnv } from "@bookproof/service";

const env = baseEnv.extend({ SECRETS_KEY: envValue.secretsKeys, KAFKA_BROKERS: envValue.addressList });

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
  agentAddr: string;
  calendarAddr: string;
  notifierAddr: string;
  /** host:port each; none means that every event is delivered directly. */
  kafkaBrokers: string[];
  events: EventTimes;
  /** 32 bytes, base64: encrypts the tenants' stored credentials. */
  secretsKeys: string[];
  saga: SagaTimes;
  voice: VoiceLimits;
  drift: DriftTimes;
}

/** How calendars are watched, in milliseconds. */
export interface DriftTimes {
  /** How often their changes are asked for. */
  changesEveryMs: number;
}

export const driftTimes: DriftTimes = { changesEveryMs: 5_000 };

/** Limits of a call's requests: times in milliseconds, the others counted. */
export interface VoiceLimits {
  availabilityMs: number;
  /** Sending one code by one channel. */
  sendCodeMs: number;
  /** By then VerifyOtp has answered, booked or not (Vapi gives up at 8 s). */
  verifyMs: number;
  /** Wrong codes after which a hold is given back. */
  codeTries: number;
  /** Codes against SMS pumping: for one hold, and within an hour for one recipient and one tenant. */
  codesPerHold: number;
  codesPerRecipient: number;
  codesPerTenant: number;
}

export const voiceLimits: VoiceLimits = {
  availabilityMs: 2_500,
  sendCodeMs: 4_000,
  verifyMs: 7_000,
  codeTries: 3,
  codesPerHold: 3,
  codesPerRecipient: 6,
  codesPerTenant: 120,
};

/** From a failure to the owner's phone where there is a Kafka, in milliseconds (docs/architecture.md). */
export interface EventTimes {
  /** How long Kafka may take over an event before the notifier is called directly. */
  publishMs: number;
  /** By when the notifier must have acknowledged an event, or it is called directly. */
  acknowledgedMs: number;
}

export const eventTimes: EventTimes = {
  publishMs: 2_000,
  // The owner is to be alerted within 5 s, and the queue looks for jobs that fell due each 0.5 s.
  acknowledgedMs: 4_000,
};

/** Limits of one CONFIRM, in milliseconds (docs/architecture.md, the saga). */
export interface SagaTimes {
  /** From T1 until an attempt must have ended. */
  attemptDeadlineMs: number;
  insertTimeoutMs: number;
  getTimeoutMs: number;
  /** The fresh look at the calendar before T1. */
  lookTimeoutMs: number;
  /** How long a slot is kept for a human after a failed attempt. */
  keptForHumanMs: number;
}

export const sagaTimes: SagaTimes = {
  attemptDeadlineMs: 6_000,
  insertTimeoutMs: 2_500,
  getTimeoutMs: 1_000,
  lookTimeoutMs: 1_200,
  keptForHumanMs: 4 * 60 * 60 * 1_000,
};

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
    agentAddr: parsed.AGENT_ADDR,
    calendarAddr: parsed.CALENDAR_ADDR,
    notifierAddr: parsed.NOTIFIER_ADDR,
    kafkaBrokers: parsed.KAFKA_BROKERS,
    events: { ...eventTimes },
    secretsKeys: parsed.SECRETS_KEY,
    saga: sagaTimes,
    voice: { ...voiceLimits },
    drift: driftTimes,
  };
}
