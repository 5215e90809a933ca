import { baseEnv, envValue, type InFlightLimit, parseEnv } from "@bookproof/service";
import { z } from "zod";

const env = baseEnv
  .extend({
    GATEWAY_PORT: z.coerce
      .number("must be a port number")
      .int("must be a port number")
      .min(0, "must be a port number")
      .max(65_535, "must be a port number")
      .default(8080),
    PUBLIC_URL: envValue.baseUrl.optional(),
    BOOTSTRAP_ADMIN_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
    SANDBOX: z
      .enum(["true", "false"], { error: "must be true or false" })
      .default("false")
      .transform((value) => value === "true"),
    TWILIO_BASE_URL: envValue.baseUrl.optional(),
  })
  .refine((values) => !values.SANDBOX || values.TWILIO_BASE_URL, {
    path: ["TWILIO_BASE_URL"],
    error: "must name the simulator when SANDBOX is true",
  });

/** How many requests of a class the gateway holds at once; health, pages and event streams are not counted. */
export interface RequestLimit {
  requests: number;
  /** Of their bodies together, by what they announce. */
  bytes: number;
}

/** Tool calls in flight, and how long one may queue, in milliseconds. */
export interface ToolLimit extends InFlightLimit {
  patienceMs: number;
}

export interface OverloadLimits {
  twilio: RequestLimit;
  vapi: RequestLimit;
  admin: RequestLimit;
  /** Calendars that are read by their links. */
  feeds: RequestLimit;
  /** Tools that look up and reserve. */
  tools: ToolLimit;
  /** `verify_otp`, which carries a CONFIRM, and the confirmation that must follow it. */
  confirmTools: ToolLimit;
}

const mebibytes = 1024 * 1024;

/**
 * Thousands of tools may be called at once. They queue here, and fewer run than a service behind takes in, so that each has its
 * whole deadline for itself. Vapi waits 20 s: 12 s in the queue, 5 s for the tool and what the alert of a failure takes. The requests that may be
 * open are more than the tools that may queue: the latter's refusal can be spoken, the former's is a status.
 */
export const overloadLimits: OverloadLimits = {
  twilio: { requests: 1_000, bytes: 32 * mebibytes },
  vapi: { requests: 10_000, bytes: 256 * mebibytes },
  admin: { requests: 500, bytes: 32 * mebibytes },
  feeds: { requests: 100, bytes: mebibytes },
  tools: { running: 64, waiting: 4_000, patienceMs: 12_000 },
  confirmTools: { running: 64, waiting: 4_000, patienceMs: 3_000 },
};

export interface Config {
  logLevel: string;
  traceSms: boolean;
  databaseUrl: string;
  /** The interface to listen on; `::` is all of them, IPv4 included. */
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** What the outside world calls us by, without a trailing slash: Twilio signs URLs that begin with it. */
  publicUrl: string;
  /** A platform owner's token that needs no database. */
  bootstrapAdminToken: string | undefined;
  /** The Twilio simulator behind the sandbox phones; undefined where there is no sandbox. */
  sandboxSimulatorUrl: string | undefined;
  agentAddr: string;
  bookingAddr: string;
  calendarAddr: string;
  notifierAddr: string;
  overload: OverloadLimits;
}

/** @throws ConfigError naming the variable that is missing or wrong. */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const parsed = parseEnv(env, variables);
  return {
    logLevel: parsed.LOG_LEVEL,
    traceSms: parsed.FEATURE_TRACE_SMS,
    databaseUrl: parsed.DATABASE_URL,
    host: "::",
    port: parsed.GATEWAY_PORT,
    publicUrl: parsed.PUBLIC_URL ?? `http://localhost:${parsed.GATEWAY_PORT}`,
    bootstrapAdminToken: parsed.BOOTSTRAP_ADMIN_TOKEN,
    sandboxSimulatorUrl: parsed.SANDBOX ? parsed.TWILIO_BASE_URL : undefined,
    agentAddr: parsed.AGENT_ADDR,
    bookingAddr: parsed.BOOKING_ADDR,
    calendarAddr: parsed.CALENDAR_ADDR,
    notifierAddr: parsed.NOTIFIER_ADDR,
    overload: overloadLimits,
  };
}
