import { type Queryable, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { type Compared, type Drift, driftOf } from "../domain/drift.ts";
import { hasStartedAttempt, lockAppointment, setDrift } from "../queries/appointment-changes.ts";
import { selectAppointment } from "../queries/appointments.ts";
import { selectTenant } from "../queries/tenants.ts";
import { alertOwner, describeWhen } from "./alert-owner.ts";
import { followEvent } from "./follow-event.ts";

const reasonOf = { deleted: "appointment_deleted_by_hand", declined: "appointment_declined_by_hand" } as const;

/**
 * Reads a confirmed appointment's event, and follows or flags what a person has done to it. The owner is told; the customer is not: that is
 * for the door and a human (P1).
 * @returns false while a change of our own is under way
 */
export async function compareAppointment(
  deps: Deps,
  { tenantId, appointmentId, cid }: { tenantId: string; appointmentId: string; cid: string },
): Promise<boolean> {
  const read = (client: Queryable) => selectAppointment(client, tenantId, appointmentId);
  const before = await withTenant(deps.pool, tenantId, read);
  if (before?.status !== "confirmed") return true;
  const { calendarId, calendarEventId: eventId } = before.summary;
  const { event } = await deps.calendar.getEvent({ tenantId, calendarId, eventId });
  const seen: Compared["event"] = event && {
    live: event.live,
    declined: event.declined,
    isOurs: event.appointmentId === appointmentId,
    start: event.range?.from?.getTime(),
    end: event.range?.to?.getTime(),
  };
  const decided = await withTenant(deps.pool, tenantId, async (client) => {
    const locked = await lockAppointment(client, tenantId, appointmentId);
    if (locked?.status !== "confirmed" || locked.was.calendarEventId !== eventId) return "over" as const;
    if (locked.drift === "uncertain" || (await hasStartedAttempt(client, tenantId, appointmentId)))
      return "busy" as const;
    const start = Date.parse(locked.was.start);
    const drift = driftOf({ row: { start, end: start + locked.was.durationMinutes * 60_000 }, event: seen });
    return { drift, outcome: await settle(client, { tenantId, appointmentId, drift }), was: start };
  });
  if (decided === "busy") return false;
  if (decided === "over") return true;
  await tell(deps, { tenantId, appointmentId, cid, ...decided });
  return true;
}

type Outcome = "agrees" | "followed" | "flagged" | "conflicts" | "known";

async function settle(
  client: Queryable,
  { tenantId, appointmentId, drift }: { tenantId: string; appointmentId: string; drift: Drift },
): Promise<Outcome> {
  if (drift.kind === "none") {
    await setDrift(client, tenantId, appointmentId, "");
    return "agrees";
  }
  if (drift.kind === "moved") {
    if (await followEvent(client, tenantId, appointmentId, drift)) return "followed";
    return (await setDrift(client, tenantId, appointmentId, "moved")) ? "conflicts" : "known";
  }
  return (await setDrift(client, tenantId, appointmentId, drift.kind)) ? "flagged" : "known";
}

async function tell(
  deps: Deps,
  found: { tenantId: string; appointmentId: string; cid: string; drift: Drift; outcome: Outcome; was: number },
): Promise<void> {
  const { tenantId, appointmentId, cid, drift, outcome, was } = found;
  if (drift.kind === "none" || outcome === "agrees") return;
  const { known, appointment } = await withTenant(deps.pool, tenantId, async (client) => ({
    known: await selectTenant(client, tenantId),
    appointment: (await selectAppointment(client, tenantId, appointmentId))?.summary,
  }));
  const timeZone = known?.tenant.timeZone ?? "UTC";
  deps.log.failure(cid, "APPOINTMENT_DRIFTED", { appointmentId, drift: drift.kind, outcome });
  const customer = { tenantId, cid, ...(appointment && { appointment }) };
  if (drift.kind !== "moved") return alertOwner(deps, { ...customer, reason: reasonOf[drift.kind], note: "" });
  const from = describeWhen(was, timeZone);
  const to = describeWhen(drift.start, timeZone);
  const reason = outcome === "followed" ? "appointment_moved_by_hand" : "appointment_conflicts";
  await alertOwner(deps, { ...customer, reason, note: `From ${from} to ${to}.` });
}
