import { z } from "zod";

/** A value of the environment that is missing or wrong; `message` is one line that names it. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

const flag = z.enum(["true", "false"], { error: "must be true or false" }).transform((value) => value === "true");

/** host:port */
const address = z.string().regex(/^[^\s:]+:\d{1,5}$/, "must be host:port");

const e164 = /^\+[1-9]\d{6,14}$/;

/** Kinds of values that more than one service reads. */
export const envValue = {
  /** An http(s) address, without a slash at its end. */
  baseUrl: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
    .transform((url) => url.replace(/\/+$/, "")),
  /** 32 bytes in base64; while keys are rotated several, separated by commas, the newest first. */
  secretsKeys: z
    .string()
    .transform((keys) => keys.split(",").map((key) => key.trim()))
    .refine(
      (keys) => keys.every((key) => z.base64().safeParse(key).success && Buffer.from(key, "base64").length === 32),
      "must be 32 bytes in base64, or several such keys separated by commas",
    ),
  /** host:port, several separated by commas; absent means none. */
  addressList: z
    .string()
    .default("")
    .transform((list) => list.split(",").flatMap((one) => one.trim() || []))
    .refine(
      (list) => list.every((one) => address.safeParse(one).success),
      "must be host:port, several separated by commas",
    ),
  phone: z.string().regex(e164, "must be a phone number in E.164, e.g. +15550100900"),
  /** Numbers separated by commas; absent means none. */
  phoneList: z
    .string()
    .default("")
    .transform((list) => list.split(",").flatMap((number) => number.trim() || []))
    .refine(
      (numbers) => numbers.every((number) => e164.test(number)),
      "must be phone numbers in E.164, separated by commas",
    ),
};

/** The variables every service reads; a service adds its own with `.extend()`. */
export const baseEnv = z.object({
  LOG_LEVEL: z
    .enum(["error", "warn", "info", "debug"], { error: "must be error, warn, info or debug" })
    .default("info"),
  FEATURE_TRACE_SMS: flag.default(true),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL"),
  LISTEN_ADDR: address.default("0.0.0.0:50051"),
  AGENT_ADDR: address.default("agent:50051"),
  BOOKING_ADDR: address.default("booking:50051"),
  CALENDAR_ADDR: address.default("calendar:50051"),
  NOTIFIER_ADDR: address.default("notifier:50051"),
});

/**
 * Checks the environment against a schema.
 * @throws ConfigError naming the first wrong variable, in one line.
 */
export function parseEnv<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv): z.infer<T> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = issue?.path.join(".") ?? "environment";
  const missing = issue?.code === "invalid_type" && present[name] === undefined;
  throw new ConfigError(`${name} ${missing ? "is not set" : (issue?.message ?? "is not valid")}`);
}
