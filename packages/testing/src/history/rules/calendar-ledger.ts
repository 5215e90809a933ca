import type { AppointmentRow, TenantHistory } from "../history.ts";

/** An event as its calendar's own ledger holds it at one moment. Times are milliseconds since the epoch. */
export interface LedgerEvent {
  id: string;
  calendarId: string;
  live: boolean;
  appointmentId: string;
  /** Whose it says it is; undefined in a built-in calendar, whose rows are the tenant's own. */
  tenantId: string | undefined;
  startAt: number;
  endAt: number;
  by: "api" | "hand";
  changedAt: number;
}

/** All events of a tenant's calendars as they were at a moment, deleted ones included; people's own without an appointment. */
export function eventsAt({ tenant, tables, ledgers }: TenantHistory, at: number): LedgerEvent[] {
  const ours = new Map(
    tenant.calendars.flatMap(({ id, ledger }) => (ledger === undefined ? [] : [[ledger, id] as const])),
  );
  const last = new Map<string, LedgerEvent>();
  for (const write of ledgers.writes) {
    const calendarId = ours.get(write.calendarId);
    if (calendarId === undefined || write.acceptedAt > at) continue;
    const { privateProperties: marks, eventId: id, startAt, endAt, by, acceptedAt: changedAt } = write;
    last.set(`${calendarId} ${id}`, {
      ...{ id, calendarId, startAt, endAt, by, changedAt },
      live: write.status !== "cancelled",
      appointmentId: marks.bookproof_appointment_id ?? "",
      tenantId: marks.bookproof_tenant_id ?? "",
    });
  }
  const builtin = tables.builtinEvents
    .filter(({ createdAt }) => createdAt <= at)
    .map(
      ({ id, calendarId, appointmentId, startAt, endAt, live, updatedAt }): LedgerEvent => ({
        ...{ id, calendarId, appointmentId, startAt, endAt, tenantId: undefined, by: "api", changedAt: updatedAt },
        live: live || updatedAt > at,
      }),
    );
  return [...last.values(), ...builtin];
}

/** A change by hand is found within this time; until then the row cannot follow it. */
const driftMs = 5 * 60_000;

/** Why the calendar does not bear an appointment out at a moment; undefined where it does. */
export function eventMissing(history: TenantHistory, appointment: AppointmentRow, at: number): string | undefined {
  const { calendarEventId, calendarId, insertOk, id, startAt, endAt } = appointment;
  if (calendarEventId === "" || !insertOk) return "its row names no calendar event";
  const event = eventsAt(history, at).find((seen) => seen.id === calendarEventId && seen.calendarId === calendarId);
  if (!event) return "its event is not in the calendar's ledger";
  if (event.by === "hand" && at - event.changedAt < driftMs) return undefined;
  if (!event.live) return "its event is deleted in the calendar's ledger";
  if (event.appointmentId !== id) return "the event of that id is another appointment's";
  if (event.tenantId !== undefined && event.tenantId !== history.tenant.id)
    return "the event of that id is another tenant's";
  return event.startAt === startAt && event.endAt === endAt ? undefined : "its event is at another time";
}
