import { BookproofError } from "@bookproof/errors";
import { z } from "zod";
import type { ToolName } from "./tool-names.ts";

/** What a tool may be given, "" where it is not, and the names under which models send it. */
const names = {
  tenantId: ["tenantId"],
  date: ["date", "requestedDate"],
  slotId: ["slotId", "slot_id", "time"],
  calendarId: ["calendarId"],
  patientName: ["patientName", "name"],
  patientPhone: ["patientPhone", "phone"],
  patientEmail: ["patientEmail", "email"],
  serviceType: ["serviceType", "service"],
  holdId: ["holdId"],
  providedOTP: ["providedOTP", "otp", "code"],
  contactId: ["contactId"],
  appointmentId: ["appointmentId"],
  address: ["address"],
} as const;

type Field = keyof typeof names;
export type ToolArguments = Record<Field, string>;

const fields = Object.keys(names) as Field[];

const requiredBy: Readonly<Record<ToolName, readonly Field[]>> = {
  check_availability: [],
  reserve_atomic: ["slotId"],
  send_otp_code: ["holdId"],
  verify_otp: ["holdId", "providedOTP"],
  send_confirmation_sms: ["appointmentId"],
};

const maxLength = 500;
const codeDigits = 4;
/** RFC 3339; without a zone it is the tenant's. */
const dateTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

const refused = (sentence: string) => new BookproofError("invalid_argument", sentence);

const givenObject = z.record(z.string(), z.unknown());

/**
 * Reads a tool's arguments: a JSON object, or the text of one.
 * @param callerPhone of the call itself; with it nobody needs to be asked for a number
 * @throws BookproofError `invalid_argument` with one sentence that says what is missing or malformed
 */
export function readToolArguments(tool: ToolName, sent: unknown, callerPhone: string): ToolArguments {
  const given = readObject(sent);
  const find = (field: Field): unknown =>
    names[field].map((name) => (Object.hasOwn(given, name) ? given[name] : undefined)).find(isGiven);
  // Before all else (seed 004): without it there is nobody to book for.
  if (tool === "reserve_atomic" && !callerPhone && !isGiven(find("patientPhone")) && !isGiven(find("patientEmail")))
    throw refused("I need your email or phone");

  const read = Object.fromEntries(fields.map((field) => [field, readText(field, find(field))])) as ToolArguments;
  const missing = requiredBy[tool].filter((field) => read[field] === "");
  if (missing.length > 0) throw refused(`Missing parameters: ${missing.join(", ")}.`);
  if (tool === "reserve_atomic" && !(dateTime.test(read.slotId) && Number.isFinite(Date.parse(read.slotId))))
    throw refused("slotId must be a time like 2026-01-15T10:00:00Z.");
  return read;
}

/** The tenant that arguments name, "" for none; whatever else is wrong with them. */
export function tenantNamedBy(sent: unknown): string {
  try {
    return readText("tenantId", readObject(sent).tenantId);
  } catch {
    // What is malformed is refused where it is read in earnest.
    return "";
  }
}

function readObject(sent: unknown): Record<string, unknown> {
  const value = typeof sent === "string" && sent.trim() !== "" ? parseJson(sent) : sent || {};
  const parsed = givenObject.safeParse(value);
  if (!parsed.success) throw refused("The arguments must be a JSON object.");
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused("The arguments are not valid JSON.");
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === "string" && clean(value) === "");
}

function readText(field: Field, value: unknown): string {
  if (!isGiven(value)) return "";
  // A model that sends a code as a number has lost its leading zeros.
  if (field === "providedOTP" && typeof value === "number") return String(value).padStart(codeDigits, "0");
  if (typeof value !== "string" && typeof value !== "number") throw refused(`${field} must be text.`);
  const text = clean(String(value));
  if (text.length > maxLength) throw refused(`${field} is longer than ${maxLength} characters.`);
  return text;
}

/** NULs are dropped, since no Postgres text can hold them. */
function clean(text: string): string {
  return text.replaceAll("\0", "").trim();
}
