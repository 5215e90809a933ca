import { randomUUID } from "node:crypto";
import { type Reason, reasonOf, reasons } from "@bookproof/errors";
import type { Check } from "@bookproof/proto/doctor";
import { failedCheck, okCheck, skippedCheck } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { calendarAdvice } from "../domain/calendar-advice.ts";
import type { CalendarProvider } from "../domain/calendar-provider.ts";
import type { Span } from "../domain/span.ts";
import { testEventTime } from "../domain/test-event-time.ts";
import type { Calendar } from "../queries/calendars.ts";

const summary = "Bookproof test event, may be deleted";
const insertMs = 5_000;

type Step<T> = { done: T } | { failed: Reason };

async function attempt<T>(work: () => Promise<T>): Promise<Step<T>> {
  try {
    return { done: await work() };
  } catch (error) {
    return { failed: reasonOf(error) };
  }
}

/**
 * Writes a marked event far ahead, reads it, deletes it and looks whether it is gone. It is deleted whatever happens in between, also
 * where nobody knows whether it was written.
 */
export async function checkCalendar(deps: Deps, tenantId: string, calendar: Calendar): Promise<Check[]> {
  const provider = deps.openProvider(tenantId, calendar);
  const span = testEventTime(calendar, deps.now());
  // Letters and digits that Google takes.
  const id = `doctor${randomUUID().replaceAll("-", "")}`;
  const about = aboutCalendar(tenantId, calendar, span);
  const written = await attempt(() => provider.insert(testEvent(deps, { tenantId, id, span })));
  if ("failed" in written && written.failed !== "calendar_outcome_unknown")
    return [about.failed("write", written.failed), about.skipped("read"), about.skipped("delete")];
  const read = "done" in written ? await checkRead(provider, id, about) : about.skipped("read");
  const deleted = await checkDelete(provider, id, about);
  return [
    "done" in written ? about.ok("write", "A test event was written.") : about.failed("write", written.failed),
    read,
    deleted,
  ];
}

function testEvent(deps: Deps, { tenantId, id, span }: { tenantId: string; id: string; span: Span }) {
  return {
    ...{ id, tenantId, appointmentId: id, cid: id, summary, location: "", ...span },
    description: "Written by `bookproof doctor` to see that it can be. It is deleted at once.",
    notAfter: new Date(deps.now() + insertMs),
  };
}

type About = ReturnType<typeof aboutCalendar>;

function aboutCalendar(tenantId: string, { id, displayName, source }: Calendar, span: Span) {
  const openedBy = source.kind === "builtin" ? source.kind : source.credentialKind;
  const name = (step: string) => `calendar ${id}: ${step}`;
  const says = (reason: Reason) => `${displayName}: ${reasons[reason].says} (${reason})`;
  const leftOver = `"${summary}" at ${span.from.toISOString()}`;
  return {
    leftOver,
    ok: (step: string, detail: string) => okCheck(name(step), `${displayName}: ${detail}`),
    skipped: (step: string) => skippedCheck(name(step), `${displayName}: not tried, since nothing could be written.`),
    failed: (step: string, reason: Reason, more = "") =>
      failedCheck(name(step), says(reason), `${calendarAdvice({ tenantId, calendarId: id, openedBy }, reason)}${more}`),
    wrong: (step: string, detail: string, whatToDo: string) =>
      failedCheck(name(step), `${displayName}: ${detail}`, whatToDo),
  };
}

async function checkRead(provider: CalendarProvider, id: string, about: About): Promise<Check> {
  const read = await attempt(() => provider.get(id));
  if ("failed" in read) return about.failed("read", read.failed);
  if (read.done?.live && read.done.appointmentId === id) return about.ok("read", "It was read back as it was written.");
  const whatToDo =
    "See whether another program changes or removes events of this calendar; bookings cannot be proven there.";
  return about.wrong("read", "The test event was written, and is not there as it was written.", whatToDo);
}

async function checkDelete(provider: CalendarProvider, id: string, about: About): Promise<Check> {
  const deleted = await attempt(() => provider.delete(id));
  const byHand = ` Delete the event ${about.leftOver} by hand if it is there.`;
  if ("failed" in deleted) return about.failed("delete", deleted.failed, byHand);
  const left = await attempt(() => provider.get(id));
  if ("failed" in left) return about.failed("delete", left.failed, byHand);
  if (!left.done?.live) return about.ok("delete", "It was deleted, and is gone.");
  return about.wrong(
    "delete",
    "The test event was deleted, and is still there.",
    `${byHand.trim()} Then run this again.`,
  );
}
