import type { Reason } from "@bookproof/errors";
import { enqueue, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { endKeptSlot, ensureEventHandled, publishEvent, recordOutcome, takeBack } from "../jobs/definitions.ts";
import { setDrift } from "../queries/appointment-changes.ts";
import { failPendingAppointment } from "../queries/appointments.ts";
import { type Attempt, endAttempt, selectAttempt } from "../queries/attempts.ts";
import { keepHoldForHuman } from "../queries/holds.ts";
import { attemptLogFields } from "./attempt-log-fields.ts";
import { countEnd } from "./count-end.ts";

type FailureReason =
  | "booking_failed_after_confirm"
  | "calendar_failed_after_confirm"
  | "move_failed_after_confirm"
  | "cancel_failed_after_confirm";

/** What owner and flag carry: of a booking where it failed, of a change that it did. */
export function failureReason(
  { kind }: Attempt,
  ofBooking: "booking_failed_after_confirm" | "calendar_failed_after_confirm",
): FailureReason {
  return kind === "book" ? ofBooking : `${kind}_failed_after_confirm`;
}

/** Why an attempt failed. `reason` is what owner and flag carry, `cause` what led to it. */
export interface AttemptFailure {
  reason: FailureReason;
  cause: Reason;
  outcomeUnknown: boolean;
  error?: unknown;
}

const failedMarkers = {
  book: "BOOKING_CREATE_FAILED",
  move: "APPOINTMENT_MOVE_FAILED",
  cancel: "APPOINTMENT_CANCEL_FAILED",
} as const;

/**
 * F: the attempt fails, the slot is kept for a human, and the alert leaves, in one transaction (P2). Where the write to the calendar may
 * still take effect, it is undone until that is proven; a change's appointment is not spoken of as booked meanwhile (P1).
 */
export async function failAttempt(
  deps: Deps,
  tenantId: string,
  attempt: Attempt,
  failure: AttemptFailure,
): Promise<Attempt> {
  const { reason, cause } = failure;
  const ended = await withTenant(deps.pool, tenantId, async (client) => {
    const tookMs = await endAttempt(client, tenantId, attempt.id, { status: "failed", reason, lastError: cause });
    if (tookMs === undefined) return selectAttempt(client, tenantId, attempt.id);
    countEnd(client, attempt, { outcome: "failed", reason }, tookMs);
    await failPendingAppointment(client, tenantId, attempt.appointmentId);
    const { keptForHumanMs } = deps.config.saga;
    if (await keepHoldForHuman(client, tenantId, attempt.holdId, keptForHumanMs)) {
      const ended = { tenantId, attemptId: attempt.id };
      await enqueue(client, endKeptSlot, ended, { delayMs: keptForHumanMs, key: `kept:${attempt.id}` });
    }
    await enqueue(client, publishEvent, { tenantId, attemptId: attempt.id });
    if (deps.kafka) {
      const { acknowledgedMs: delayMs } = deps.config.events;
      await enqueue(client, ensureEventHandled, { tenantId, attemptId: attempt.id }, { delayMs });
    }
    await enqueue(client, recordOutcome, { tenantId, attemptId: attempt.id });
    if (failure.outcomeUnknown) {
      if (attempt.kind !== "book") await setDrift(client, tenantId, attempt.appointmentId, "uncertain");
      await enqueue(client, takeBack, { tenantId, attemptId: attempt.id }, { key: `take_back:${attempt.id}` });
    }
    return undefined;
  });
  if (ended) return ended;
  deps.log.failure(
    attempt.cid,
    failedMarkers[attempt.kind],
    { reason, cause, ...attemptLogFields(attempt) },
    failure.error ?? new Error(`${reason}: ${cause}`),
  );
  await deps.traceSmsFlow({
    tenantId,
    cid: attempt.cid,
    from: attempt.snapshot.customerPhone,
    direction: "internal",
    stage: "FAILED",
    reason,
    payload: { attemptId: attempt.id, cause, outcomeUnknown: failure.outcomeUnknown },
  });
  return { ...attempt, status: "failed", reason, cause };
}
