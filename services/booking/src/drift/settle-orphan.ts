import { enqueue, type Queryable, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { removeOldEvent, takeBack } from "../jobs/definitions.ts";
import { isConfirmedEvent } from "../queries/appointments.ts";
import { type AttemptOfEvent, selectAttemptsOfEvent } from "../queries/attempts-of-event.ts";
import { alertOwner } from "./alert-owner.ts";

/**
 * A live event of ours that no confirmed appointment holds. One that an attempt of ours left behind is deleted, as that attempt should have;
 * any other is a person's doing, and the owner is told.
 * @returns false while an attempt that may explain it is under way
 */
export async function settleOrphan(
  deps: Deps,
  orphan: {
    tenantId: string;
    calendarId: string;
    calendarName: string;
    eventId: string;
    appointmentId: string;
    cid: string;
  },
): Promise<boolean> {
  const { tenantId, calendarId, eventId, cid, calendarName } = orphan;
  const { event } = await deps.calendar.getEvent({ tenantId, calendarId, eventId });
  if (!event?.live) return true;
  const outcome = await withTenant(deps.pool, tenantId, (client) => explain(client, tenantId, eventId));
  if (outcome === "under_way") return false;
  if (outcome === "held" || outcome === "cleared") return true;
  deps.log.failure(cid, "ORPHAN_EVENT", { calendarId, eventId });
  await alertOwner(deps, { tenantId, cid, reason: "orphan_event", note: `Calendar: ${calendarName || calendarId}.` });
  return true;
}

async function explain(
  client: Queryable,
  tenantId: string,
  eventId: string,
): Promise<"held" | "under_way" | "cleared" | "unexplained"> {
  if (await isConfirmedEvent(client, tenantId, eventId)) return "held";
  const attempts = await selectAttemptsOfEvent(client, tenantId, eventId);
  if (attempts.some(({ status }) => status === "started")) return "under_way";
  const left = attempts.find(leftItBehind);
  if (!left) return "unexplained";
  const job = { tenantId, attemptId: left.id };
  if (left.isOldEvent) await enqueue(client, removeOldEvent, job, { key: `remove_old:${left.id}` });
  else await enqueue(client, takeBack, job, { key: `take_back:${left.id}` });
  return "cleared";
}

/** A booking that failed, or a move to another calendar. Any other event of a cancelled appointment was put back by a person. */
const leftItBehind = ({ kind, status, isOldEvent, isInPlace }: AttemptOfEvent) =>
  (kind === "book" && status === "failed") ||
  (kind === "move" && !isInPlace && (isOldEvent ? status === "confirmed" : status === "failed"));
