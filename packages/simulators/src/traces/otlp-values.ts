import { z } from "zod";
import type { Attributes, AttributeValue } from "./trace-span.ts";

// OTLP's JSON is proto3's, with hex ids and enums as numbers: null is a field left out, and a 64-bit integer is
// digits or a number. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

const MISSING_SERVICE = "missing-service-name";

/** A list that may be left out. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

/** Text that may be left out. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

const INTEGER = "must be a 64-bit integer";

/** An integer of 64 bits, as digits. */
export const int64 = z
  .union([z.string().regex(/^-?\d{1,20}$/, INTEGER), z.number().refine(Number.isInteger, INTEGER)], INTEGER)
  .transform((value) => BigInt(value).toString());

/** Nanoseconds since the epoch, as digits; "0" if left out. */
export const nanos = int64
  .refine((digits) => !digits.startsWith("-"), "must not be negative")
  .nullish()
  .transform((digits) => digits ?? "0");

/** A floating-point number; NaN and the infinities come as text. */
export const double = z
  .union([z.number(), z.string()], "must be a number")
  .refine((value) => value === "NaN" || !Number.isNaN(Number(value)), "must be a number")
  .transform(Number);

/** A number that says which of `names` is meant. */
export function enumOf<Name extends string>(names: Record<number, Name>, unset: Name) {
  return z
    .number("must be a number, not a name")
    .nullish()
    .transform((code, context) => {
      const name = code == null ? unset : names[code];
      if (name !== undefined) return name;
      context.addIssue({ code: "custom", message: "must be a number that OTLP knows" });
      return z.NEVER;
    });
}

function id(digits: number) {
  return z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`, "i"), `must be ${digits} hex digits`)
    .refine((hex) => /[^0]/.test(hex), "must not be all zeros")
    .transform((hex) => hex.toLowerCase());
}
export const traceId = id(32);
export const spanId = id(16);
/** Undefined for none, which is "" or zeros in some senders' words. */
export const parentSpanId = z
  .string()
  .regex(/^([0-9a-f]{16})?$/i, "must be 16 hex digits")
  .nullish()
  .transform((hex) => (hex == null || /^0*$/.test(hex) ? undefined : hex.toLowerCase()));

const attributeValue: z.ZodType<AttributeValue> = z.lazy(() => anyValue.transform(readValue));
const keyValue = z.object({ key: z.string(), value: attributeValue.nullish() });
const anyValue = z.object({
  stringValue: z.string().nullish(),
  boolValue: z.boolean().nullish(),
  intValue: int64.nullish(),
  doubleValue: double.nullish(),
  bytesValue: z.string().nullish(),
  arrayValue: z.object({ values: listOf(attributeValue) }).nullish(),
  kvlistValue: z.object({ values: listOf(keyValue) }).nullish(),
});

/** Attributes as a record; the last of a key counts. */
export const attributes = listOf(keyValue).transform(toRecord);

/** A resource, with the name of its service; Jaeger's stand-in where it has none. */
export const resource = z
  .object({ attributes })
  .nullish()
  .transform((value) => {
    const found = value?.attributes ?? {};
    const name = found["service.name"];
    return { service: typeof name === "string" && name !== "" ? name : MISSING_SERVICE, attributes: found };
  });

function readValue(value: z.output<typeof anyValue>): AttributeValue {
  if (value.intValue != null) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : value.intValue;
  }
  if (value.arrayValue != null) return value.arrayValue.values;
  if (value.kvlistValue != null) return JSON.stringify(toRecord(value.kvlistValue.values));
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? "";
}

function toRecord(pairs: z.output<typeof keyValue>[]): Attributes {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ""]));
}
