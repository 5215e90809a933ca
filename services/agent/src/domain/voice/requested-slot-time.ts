import { DateTime } from "luxon";

/** The start a model names: RFC 3339; without an offset it is the tenant's local time. Undefined for anything else. */
export function requestedSlotTime(text: string, timeZone: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text.trim())) return undefined;
  const read = DateTime.fromISO(text.trim().replace(" ", "T"), { zone: timeZone });
  return read.isValid ? read.toJSDate() : undefined;
}
