import { baseEnv, envValue, parseEnv } from "@bookproof/service";

const env = baseEnv.extend({ SECRETS_KEY: envValue.secretsKey });

export interface Config {
  logLevel: string;
  traceSms: boolean;
  databaseUrl: string;
  listenAddr: string;
  /** After how long a job of a dead worker runs again, in milliseconds. */
  jobLeaseMs: number;
  agentAddr: string;
  calendarAddr: string;
  notifierAddr: string;
  /** 32 bytes, base64: encrypts the tenants' stored credentials. */
  secretsKey: string;
  saga: SagaTimes;
  voice: VoiceLimits;
}

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

/** Limits of one CONFIRM, in milliseconds (docs/architecture.md, the saga). */
export interface SagaTimes {
  /** From T1 until an attempt must have ended. */
  attemptDeadlineMs: number;
  insertTimeoutMs: number;
  getTimeoutMs: number;
  /** How long a slot is kept for a human after a failed attempt. */
  keptForHumanMs: number;
}

export const sagaTimes: SagaTimes = {
  attemptDeadlineMs: 6_000,
  insertTimeoutMs: 2_500,
  getTimeoutMs: 1_000,
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
    jobLeaseMs: 15_000,
    agentAddr: parsed.AGENT_ADDR,
    calendarAddr: parsed.CALENDAR_ADDR,
    notifierAddr: parsed.NOTIFIER_ADDR,
    secretsKey: parsed.SECRETS_KEY,
    saga: sagaTimes,
    voice: { ...voiceLimits },
  };
}
