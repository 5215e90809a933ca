import { enqueue, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { publishEvent, recordOutcome, takeBack } from "../jobs/definitions.ts";
import { type Attempt, endAttempt, selectAttempt } from "../queries/attempts.ts";
import { applyConfirmed } from "./apply-confirmed.ts";
import { attemptLogFields } from "./attempt-log-fields.ts";
import { countEnd } from "./count-end.ts";

const confirmedMarkers = {
  book: "BOOKING_CREATE_SUCCESS",
  move: "APPOINTMENT_MOVED",
  cancel: "APPOINTMENT_CANCELLED",
} as const;

/** How a journey stands that ended so: the stages are the seed's, a change is told by its reason. */
export const confirmedStages = {
  book: { stage: "BOOKED", reason: "" },
  move: { stage: "BOOKED", reason: "moved" },
  cancel: { stage: "CONFIRM", reason: "cancelled" },
} as const;

/**
 * T2, once the calendar's side is proven: attempt, appointment and hold become confirmed, and the event that tells the
 * customer leaves, in one transaction. An attempt that ended otherwise meanwhile stays so, and its event is taken back.
 */
export async function confirmAttempt(deps: Deps, tenantId: string, attempt: Attempt): Promise<Attempt> {
  const { snapshot } = attempt;
  const confirmed = await withTenant(deps.pool, tenantId, async (client) => {
    const tookMs = await endAttempt(client, tenantId, attempt.id, { status: "confirmed" });
    if (tookMs === undefined) {
      const ended = await selectAttempt(client, tenantId, attempt.id);
      if (ended?.status === "failed")
        await enqueue(client, takeBack, { tenantId, attemptId: attempt.id }, { key: `take_back:${attempt.id}` });
      return ended;
    }
    countEnd(client, attempt, { outcome: "confirmed" }, tookMs);
    await applyConfirmed(client, tenantId, attempt);
    await enqueue(client, publishEvent, { tenantId, attemptId: attempt.id });
    await enqueue(client, recordOutcome, { tenantId, attemptId: attempt.id });
    return undefined;
  });
  if (confirmed) return confirmed;
  deps.log.step(attempt.cid, confirmedMarkers[attempt.kind], {
    bookingId: attempt.appointmentId,
    calendarEventId: attempt.calendarEventId,
    ...attemptLogFields(attempt),
  });
  await deps.traceSmsFlow({
    tenantId,
    cid: attempt.cid,
    from: snapshot.customerPhone,
    direction: "internal",
    ...confirmedStages[attempt.kind],
    payload: { attemptId: attempt.id, appointmentId: attempt.appointmentId, calendarEventId: attempt.calendarEventId },
  });
  return { ...attempt, status: "confirmed" };
}
