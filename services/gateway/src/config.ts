import { baseEnv, envValue, parseEnv } from "@bookproof/service";
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
  };
}
