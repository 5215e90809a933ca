import { BookproofError, reasonOf } from "@bookproof/errors";
import { deterministicUuid, type Queryable, withTenant } from "@bookproof/postgres";
import {
  type AppointmentSummary,
  type AuditCalendarsRequest,
  type AuditCalendarsResponse,
  type CalendarAudit,
  DifferenceKind,
} from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type AuditedEvent, auditCalendar, type Difference } from "../domain/audit-calendar.ts";
import { compareAppointment } from "../drift/compare-appointment.ts";
import { settleOrphan } from "../drift/settle-orphan.ts";
import { isConfirmedEvent, selectAppointment, selectConfirmedOn } from "../queries/appointments.ts";
import { selectAttemptsOfEvent } from "../queries/attempts-of-event.ts";
import { selectTenant } from "../queries/tenants.ts";

const schema = z.object({ tenantId: z.guid(), calendarId: z.string(), repair: z.boolean() });

const dayMs = 24 * 60 * 60_000;
const backMs = dayMs;
const aheadMs = 399 * dayMs;

/** Both sides, compared: what a calendar that cannot be read shows is not known, and it says why. */
export const auditCalendars =
  (deps: Deps) =>
  async (request: AuditCalendarsRequest): Promise<AuditCalendarsResponse> => {
    const { tenantId, calendarId, repair } = parseRequest(schema, request);
    const known = await withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId));
    if (!known) throw new BookproofError("tenant_not_found");
    const named = Object.entries(known.calendarNames).filter(([id]) => !calendarId || id === calendarId);
    if (calendarId && named.length === 0) throw new BookproofError("calendar_not_found");
    const calendars: CalendarAudit[] = [];
    // One after the other: an audit is in no hurry, and a provider counts questions.
    for (const [id, name] of named) calendars.push(await auditOne(deps, { tenantId, id, name, repair }));
    return { calendars };
  };

interface Audited {
  tenantId: string;
  id: string;
  name: string;
  repair: boolean;
}

async function auditOne(deps: Deps, audited: Audited): Promise<CalendarAudit> {
  const { tenantId, id: calendarId, name: calendarName } = audited;
  const now = Date.now();
  const range = { from: new Date(now - backMs), to: new Date(now + aheadMs) };
  const audit = { calendarId, calendarName, appointments: 0, events: 0, unreadableReason: "", differences: [] };
  let events: AuditedEvent[];
  try {
    events = (await deps.calendar.listOwnEvents({ tenantId, calendarId, range })).events.flatMap((event) =>
      event.live && event.range?.from && event.range.to
        ? { ...event, start: event.range.from.getTime(), end: event.range.to.getTime() }
        : [],
    );
  } catch (error) {
    return { ...audit, unreadableReason: reasonOf(error) };
  }
  // Read after the events: an appointment that was booked meanwhile is then none that is missing its event, but an event that is there.
  const confirmed = await withTenant(deps.pool, tenantId, (client) =>
    selectConfirmedOn(client, tenantId, calendarId, range),
  );
  const appointments = confirmed.map(toAudited);
  const found = auditCalendar(appointments, events);
  const differences: CalendarAudit["differences"] = [];
  for (const difference of found) {
    const shown = await show(deps, audited, difference, confirmed);
    if (shown) differences.push(shown);
  }
  return { ...audit, appointments: appointments.length, events: events.length, differences };
}

const toAudited = ({ appointmentId, calendarEventId: eventId, start, end }: AppointmentSummary) => ({
  ...{ appointmentId, eventId, start: start?.getTime() ?? 0, end: end?.getTime() ?? 0 },
});

const kindOf = {
  missing: DifferenceKind.DIFFERENCE_KIND_MISSING,
  moved: DifferenceKind.DIFFERENCE_KIND_MOVED,
  declined: DifferenceKind.DIFFERENCE_KIND_DECLINED,
  orphan: DifferenceKind.DIFFERENCE_KIND_ORPHAN,
} as const;

/** A difference as it is told; undefined where a second look shows none: something was under way. */
async function show(
  deps: Deps,
  { tenantId, id: calendarId, name: calendarName, repair }: Audited,
  difference: Difference,
  confirmed: AppointmentSummary[],
): Promise<CalendarAudit["differences"][number] | undefined> {
  const event = "event" in difference ? difference.event : undefined;
  const eventRange = event && { from: new Date(event.start), to: new Date(event.end) };
  const kind = kindOf[difference.kind];
  if (difference.kind === "orphan") {
    const { eventId, appointmentId } = difference.event;
    const orphan = { tenantId, calendarId, calendarName, eventId, appointmentId };
    const state = await withTenant(deps.pool, tenantId, async (client) => ({
      isHeld: await isHeldNow(client, tenantId, eventId),
      appointment: uuid.safeParse(appointmentId).success
        ? (await selectAppointment(client, tenantId, appointmentId))?.summary
        : undefined,
    }));
    if (state.isHeld) return undefined;
    const repaired = repair && (await inJourney(tenantId, eventId, (cid) => settleOrphan(deps, { ...orphan, cid })));
    return { kind, eventId, appointment: state.appointment, eventRange, repaired };
  }
  const { appointmentId, eventId } = difference.appointment;
  const appointment = confirmed.find((one) => one.appointmentId === appointmentId);
  const repaired =
    repair && (await inJourney(tenantId, eventId, (cid) => compareAppointment(deps, { tenantId, appointmentId, cid })));
  return { kind, eventId, appointment, eventRange, repaired };
}

const uuid = z.guid();

/** One journey an event and day: an audit that is repeated raises no second alert. */
function inJourney<T>(tenantId: string, eventId: string, work: (cid: string) => Promise<T>): Promise<T> {
  const cid = deterministicUuid("calendar_audit", tenantId, eventId, new Date().toISOString().slice(0, 10));
  return runWithCid(cid, () => work(cid));
}

/** Booked since the events were read, or about to be. */
async function isHeldNow(client: Queryable, tenantId: string, eventId: string): Promise<boolean> {
  if (await isConfirmedEvent(client, tenantId, eventId)) return true;
  return (await selectAttemptsOfEvent(client, tenantId, eventId)).some(({ status }) => status === "started");
}
