import { hasReason } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import { type CalendarChange, ChangeKind } from "@bookproof/proto/calendar";
import type { Deps } from "../deps.ts";
import { type AppointmentWithStatus, selectAppointment } from "../queries/appointments.ts";
import { alertOwner } from "./alert-owner.ts";
import { compareAppointment } from "./compare-appointment.ts";
import { settleOrphan } from "./settle-orphan.ts";

/** @returns whether it is done with; false where a change of our own is under way, which may explain it */
export async function handleChange(deps: Deps, change: CalendarChange, cid: string): Promise<boolean> {
  switch (change.kind) {
    case ChangeKind.CHANGE_KIND_DISCONNECTED:
      await sayDisconnected(deps, change, cid);
      return true;
    case ChangeKind.CHANGE_KIND_EVENT:
      return handleEventChange(deps, change, cid);
    default:
      // A calendar that is connected again speaks for itself: it has openings.
      return true;
  }
}

async function handleEventChange(deps: Deps, change: CalendarChange, cid: string): Promise<boolean> {
  const { tenantId, appointmentId, eventId } = change;
  const appointment = await withTenant(deps.pool, tenantId, (client) => findAppointment(client, change));
  const isItsEvent = appointment?.status === "confirmed" && appointment.summary.calendarEventId === eventId;
  if (isItsEvent) return compareAppointment(deps, { tenantId, appointmentId, cid });
  return settleOrphan(deps, { ...change, cid });
}

function findAppointment(
  client: Parameters<typeof selectAppointment>[0],
  { tenantId, appointmentId }: CalendarChange,
): Promise<AppointmentWithStatus | undefined> {
  return uuid.test(appointmentId) ? selectAppointment(client, tenantId, appointmentId) : Promise.resolve(undefined);
}

/** The mark on an event is a text that a person may change. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Once a change: the calendar service notes each disconnection once. */
async function sayDisconnected(deps: Deps, { tenantId, calendarId, calendarName }: CalendarChange, cid: string) {
  const link = await connectLink(deps, tenantId, calendarId);
  deps.log.failure(cid, "CALENDAR_DISCONNECTED", { calendarId });
  await alertOwner(deps, {
    ...{ tenantId, cid, reason: "calendar_needs_reconnecting" },
    ...{ note: `Calendar: ${calendarName || calendarId}.`, linkPath: link },
  });
}

/** One that a service account's key file opens is connected by no link. */
async function connectLink(deps: Deps, tenantId: string, calendarId: string): Promise<string> {
  try {
    return (await deps.calendar.createConnectLink({ tenantId, calendarId })).path;
  } catch (error) {
    if (hasReason(error, "connect_not_possible", "calendar_not_found")) return "";
    throw error;
  }
}
