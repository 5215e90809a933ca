import { baseEnv, envValue, type InFlightLimits, inFlightLimits, parseEnv } from "@bookproof/service";
import { z } from "zod";

const env = baseEnv.extend({
  KAFKA_BROKERS: envValue.addressList,
  TWILIO_BASE_URL: envValue.baseUrl.default("https://api.twilio.com"),
  PUBLIC_URL: envValue.baseUrl.default("http://localhost:8080"),
  BUSINESS_OWNER_PERSONAL_PHONE: envValue.phone.optional(),
  VIP_PHONE_NUMBER: envValue.phone.optional(),
  INTERNAL_BLOCKLIST_E164: envValue.phoneList,
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, "must be an smtp:// or smtps:// URL")
    .optional(),
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
  /** How many jobs run at once: many texts may hang at Twilio for their whole time-out. Each looks for work twice a second. */
  jobsAtOnce: { alerts: number; others: number };
  agentAddr: string;
  bookingAddr: string;
  /** host:port each; none means that every event is delivered directly. */
  kafkaBrokers: string[];
  twilioBaseUrl: string;
  /** Without a slash at its end. */
  publicUrl: string;
  /** E.164; used where a tenant names none, "" for none. */
  ownerPhone: string;
  vipPhone: string;
  /** Numbers that must never be texted or called. */
  blocklist: ReadonlySet<string>;
  /** "" for no e-mail. */
  smtpUrl: string;
  times: Times;
}

/** Limits in milliseconds. */
export interface Times {
  /** How long Twilio may take over a customer's text. */
  textTimeoutMs: number;
  /** How long one channel may take over an owner's alert before the next one is tried. */
  alertTimeoutMs: number;
  /** Before an alert whose send ended unknown is looked up: lists may lag. */
  lookUpWaitMs: number;
  proofTimeoutMs: number;
  /** How long a proof may be unreadable or running before the owner hears of it. */
  proofPatienceMs: number;
  /** Between two readings of a proof that is not there yet. */
  proofPollMs: number;
  /** How long after the owner heard of an unknown outcome a CONFIRM may still begin: callers wait 7 s at most, requests may be late. */
  confirmBeginsMs: number;
  /** Before all channels are tried again when each has failed; the last one repeats. */
  alertRetryMs: readonly number[];
  connectionsRefreshMs: number;
  /** How long a caller is kept waiting for the provider to accept a code or a confirmation; an older code is not sent any more. */
  acceptanceWaitMs: number;
  /** After this a booked call's confirmation is sent although nobody asked for it. */
  ensureConfirmationMs: number;
  /** Before a confirmation that did not arrive is sent once more. */
  resendDelayMs: number;
  /** How long a delivery may go unreported before Twilio is asked. */
  noReportMs: number;
  /** How long an escalation may take to be stored before the owner is alerted without it. */
  storePatienceMs: number;
  /** How long after a start, or after Postgres was away, alerts may have left that are not stored. */
  alertsDoubtfulMs: number;
  /** Between two tries of a text while Twilio asks to slow down; the last one repeats. */
  slowDownMs: readonly number[];
  /** Between two tries of a text while Twilio refuses the tenant's credentials. */
  credentialRetryMs: number;
  /** An older text to a customer that was held up is not sent any more. */
  timelyMs: number;
  sweep: SweepTimes;
}

/** The comparison of Twilio's inbound texts with what was taken in, in milliseconds. */
export interface SweepTimes {
  everyMs: number;
  /** A younger text may still be on its way through the webhook. */
  leaveMs: number;
  /** How far each sweep reaches back behind the last completed one. */
  windowMs: number;
  /** How far back a sweep reaches at most. */
  longestMs: number;
  /** Before a tenant is swept again whose sweep failed; the last one repeats. */
  backOffMs: readonly number[];
}

export const times: Times = {
  textTimeoutMs: 5_000,
  alertTimeoutMs: 2_500,
  lookUpWaitMs: 400,
  proofTimeoutMs: 2_000,
  proofPatienceMs: 60_000,
  proofPollMs: 1_000,
  confirmBeginsMs: 60_000,
  alertRetryMs: [30_000, 60_000, 120_000, 300_000, 600_000],
  connectionsRefreshMs: 10_000,
  acceptanceWaitMs: 3_000,
  ensureConfirmationMs: 60_000,
  resendDelayMs: 30_000,
  noReportMs: 4 * 60 * 60 * 1_000,
  storePatienceMs: 2_000,
  alertsDoubtfulMs: 15 * 60_000,
  slowDownMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000],
  credentialRetryMs: 30_000,
  timelyMs: 4 * 60 * 60 * 1_000,
  sweep: {
    everyMs: 60_000,
    leaveMs: 20_000,
    windowMs: 15 * 60_000,
    longestMs: 24 * 60 * 60 * 1_000,
    backOffMs: [5_000, 30_000, 120_000, 300_000, 600_000],
  },
};

/** How many tenants are swept at once. */
export const sweepsAtOnce = 5;

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
    jobsAtOnce: { alerts: 10, others: 30 },
    agentAddr: parsed.AGENT_ADDR,
    bookingAddr: parsed.BOOKING_ADDR,
    kafkaBrokers: parsed.KAFKA_BROKERS,
    twilioBaseUrl: parsed.TWILIO_BASE_URL,
    publicUrl: parsed.PUBLIC_URL,
    ownerPhone: parsed.BUSINESS_OWNER_PERSONAL_PHONE ?? "",
    vipPhone: parsed.VIP_PHONE_NUMBER ?? "",
    blocklist: new Set(parsed.INTERNAL_BLOCKLIST_E164),
    smtpUrl: parsed.SMTP_URL ?? "",
    times,
  };
}
