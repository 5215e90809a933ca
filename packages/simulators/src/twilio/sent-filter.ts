import { DateTime } from "luxon";
import type { Form } from "./form.ts";
import type { MessageEntry } from "./ledger-entry.ts";
import { TwilioRefusal } from "./refusal.ts";

type Span = { from: number; to: number };

/**
 * The test for `DateSent`, `DateSent>` and `DateSent<` of a message list. All three are inclusive and count in whole
 * seconds, or in GMT days for a bare date. A message that is still queued counts by the time it was accepted.
 * @throws TwilioRefusal 20001 for what is no ISO 8601 date
 */
export function sentFilter(query: Form): (entry: MessageEntry) => boolean {
  const on = readSpan(query, "DateSent");
  const after = readSpan(query, "DateSent>");
  const before = readSpan(query, "DateSent<");
  return (entry) => {
    const sent = entry.sentAt ?? entry.acceptedAt;
    if (on !== undefined && (sent < on.from || sent >= on.to)) return false;
    if (after !== undefined && sent < after.from) return false;
    return before === undefined || sent < before.to;
  };
}

function readSpan(query: Form, name: string): Span | undefined {
  const text = query.one(name);
  if (text === undefined || text === "") return undefined;
  const start = DateTime.fromISO(text, { zone: "utc" });
  if (!start.isValid) throw new TwilioRefusal(400, 20001, `Invalid date for ${name}`);
  const unit = /^\d{4}-\d{2}-\d{2}$/.test(text) ? "day" : "second";
  const from = start.startOf(unit);
  return { from: from.toMillis(), to: from.plus({ [unit]: 1 }).toMillis() };
}
