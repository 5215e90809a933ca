import type { Reason } from "@bookproof/errors";
import { enqueue, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { endKeptSlot, ensureEventHandled, publishEvent, recordOutcome, takeBack } from "../jobs/definitions.ts";
import { failPendingAppointment } from "../queries/appointments.ts";
import { type Attempt, endAttempt, selectAttempt } from "../queries/attempts.ts";
import { keepHoldForHuman } from "../queries/holds.ts";
import { attemptLogFields } from "./attempt-log-fields.ts";
import { countEnd } from "./count-end.ts";

/** Why an attempt failed. `reason` is what owner and flag carry, `cause` what led to it. */
export interface AttemptFailure {
  reason: "booking_failed_after_confirm" | "calendar_failed_after_confirm";
  cause: Reason;
  insertOutcomeUnknown: boolean;
  error?: unknown;
}

/**
 * F: the attempt fails, the slot is kept for a human, and the alert leaves, in one transaction (P2). Where an insert may
 * still land, the event is taken back until it is proven absent.
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
    if (failure.insertOutcomeUnknown) {
      await enqueue(client, takeBack, { tenantId, attemptId: attempt.id }, { key: `take_back:${attempt.id}` });
    }
    return undefined;
  });
  if (ended) return ended;
  deps.log.failure(
    attempt.cid,
    "BOOKING_CREATE_FAILED",
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
    payload: { attemptId: attempt.id, cause, insertOutcomeUnknown: failure.insertOutcomeUnknown },
  });
  return { ...attempt, status: "failed", reason, cause };
}
