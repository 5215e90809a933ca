import { setTimeout as sleep } from "node:timers/promises";
import { BookproofError } from "@bookproof/errors";
import { deterministicUuid, enqueue, type Queryable, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { escalationKey, escalationRef, isOfCalendar } from "../domain/escalation-identity.ts";
import { phoneOf } from "../domain/phone-of.ts";
import { enqueueMessage } from "../door/enqueue-message.ts";
import { alertOwner, recordOutcome, settleUnknown, sweepOutOfTurn } from "../jobs/definitions.ts";
import {
  adoptAttempt,
  insertEscalation,
  isSettled,
  markAlerted,
  type NewEscalation,
  selectSameEscalation,
} from "../queries/escalations.ts";
import { alertDirectly } from "./alert-directly.ts";

/** Something the owner must know at once. */
export interface BookingFailure {
  tenantId: string;
  cid: string;
  /** E.164; or an e-mail address where the customer gave no phone. */
  customerPhone: string;
  customerName?: string | undefined;
  /** E.164, the number the customer wrote to; absent means the tenant's first. */
  businessPhone?: string;
  /** What the customer asked for, as far as it is known. */
  requestedSlot?: {
    start?: Date | undefined;
    offeringName?: string;
    calendarName?: string;
    address?: string;
  };
  /** A reason of packages/errors. */
  reason: string;
  attemptId?: string;
  /** The failed attempt that this follows; nothing is said where a human has settled that one. */
  followsAttemptId?: string;
  conversationId?: string;
  /** What led to it; kept as the conversation's last error. */
  cause?: string;
  /** What the owner needs to know besides, a sentence. */
  note?: string;
  /** Behind PUBLIC_URL; what the owner is to open instead of the inbox. */
  linkPath?: string;
  /** What the customer is told, through the door. */
  customerText?: string;
}

/** However many texts an outage leaves behind, a tenant is swept for them once in so many milliseconds. */
const sweepRoundMs = 5_000;

export interface Escalated {
  escalationId: string;
  created: boolean;
}

/**
 * P2: keeps the escalation, alerts the owner and flags the conversation, all in one transaction: the caller's where `client` is
 * given. The same attempt (else cid and reason) is one escalation. Where nothing can be stored the owner is alerted all the
 * same, and the error is thrown: whoever raised it tries again, and hears of the same escalation.
 */
export async function notifyOwnerBookingFailure(
  deps: Deps,
  failure: BookingFailure,
  client?: Queryable,
): Promise<Escalated> {
  if (client) return storeFailure(deps, client, failure);
  const since = performance.now();
  const stored = withTenant(deps.pool, failure.tenantId, (own) => storeFailure(deps, own, failure));
  try {
    // A database that does not answer at all is as good as none. Stored after all, it is the same escalation.
    return await Promise.race([stored, giveUpAfter(deps.config.times.storePatienceMs)]);
  } catch (error) {
    deps.directAlerts.doubt();
    deps.log.failure(failure.cid, "ESCALATION_NOT_STORED", { reason: failure.reason }, error);
    await alertDirectly(deps, failure.tenantId, { escalation: toEscalation(failure), since });
    throw error;
  }
}

async function giveUpAfter(ms: number): Promise<never> {
  await sleep(ms, undefined, { ref: false });
  throw new BookproofError("unavailable", "The escalation was not stored in time.");
}

/** The escalation a failure makes; its id and ref follow from its key, so that they are the same without a database. */
export function toEscalation(failure: BookingFailure): NewEscalation {
  const { tenantId, cid, reason, attemptId = "", followsAttemptId = "", requestedSlot } = failure;
  const key = escalationKey({ attemptId, cid, reason, followsAttemptId });
  return {
    id: deterministicUuid("escalation", tenantId, key),
    key,
    attemptId: attemptId || null,
    cid,
    conversationId: failure.conversationId ?? "",
    reason,
    ref: escalationRef(tenantId, key),
    requested: {
      customerPhone: failure.customerPhone,
      customerName: failure.customerName ?? "",
      start: requestedSlot?.start?.toISOString() ?? "",
      offeringName: requestedSlot?.offeringName ?? "",
      calendarName: requestedSlot?.calendarName ?? "",
      address: requestedSlot?.address ?? "",
      note: failure.note ?? "",
      linkPath: failure.linkPath ?? "",
    },
  };
}

async function storeFailure(deps: Deps, client: Queryable, failure: BookingFailure): Promise<Escalated> {
  const { tenantId, cid, customerPhone, reason, cause = "" } = failure;
  const escalation = toEscalation(failure);
  const { followsAttemptId } = failure;
  if (followsAttemptId && (await isSettled(client, tenantId, followsAttemptId))) {
    return { escalationId: escalation.id, created: false };
  }
  const same = await selectSameEscalation(client, tenantId, escalation);
  if (same) {
    if (escalation.attemptId) await adoptAttempt(client, tenantId, same.id, escalation.attemptId);
  } else {
    await insertEscalation(client, tenantId, escalation);
    await enqueueAlert(deps, client, tenantId, escalation);
    const outcome = { tenantId, cid, stage: "NEEDS_HUMAN" as const, stageReason: reason, needsHuman: true };
    // Whoever knew no conversation made up the cid: the phone numbers tell whose it is.
    const parties = escalation.conversationId
      ? {}
      : { customerPhone: phoneOf(customerPhone), tenantPhone: failure.businessPhone ?? "" };
    // What the calendar shows is for the owner alone: the bot goes on.
    if (!isOfCalendar(reason)) await enqueue(client, recordOutcome, { ...outcome, lastError: cause, ...parties });
    await deps.traceSmsFlow(
      {
        tenantId,
        cid,
        from: phoneOf(customerPhone),
        direction: "internal",
        stage: "NEEDS_HUMAN",
        reason,
        payload: { escalationId: escalation.id, ref: escalation.ref, ...(cause ? { cause } : {}) },
      },
      client,
    );
  }
  if (failure.customerText && customerPhone) {
    await enqueueMessage(client, tenantId, {
      key: `snag:${escalation.key}`,
      cid,
      conversationId: escalation.conversationId,
      to: customerPhone,
      from: failure.businessPhone ?? "",
      kind: "free_text",
      body: failure.customerText,
    });
  }
  return { escalationId: same?.id ?? escalation.id, created: !same };
}

/** The alert's job; what has left for the owner already goes with it, for whichever process runs it. */
async function enqueueAlert(deps: Deps, client: Queryable, tenantId: string, escalation: NewEscalation): Promise<void> {
  const { id: escalationId, reason, attemptId } = escalation;
  const direct = deps.directAlerts.sent(escalationId);
  if (direct) await markAlerted(client, tenantId, escalationId);
  await enqueue(client, alertOwner, { tenantId, escalationId, phase: "alert", direct });
  // Raised where no conversation is known: a text was not taken in. Its conversation waits for the flag until it is.
  if (reason === "turn_failed" && !escalation.conversationId) {
    const round = Math.floor(Date.now() / sweepRoundMs);
    const delayMs = deps.config.times.sweep.leaveMs + sweepRoundMs;
    await enqueue(client, sweepOutOfTurn, { tenantId }, { delayMs, key: `sweep:${tenantId}:${round}` });
  }
  if (reason !== "booking_outcome_unknown" || !attemptId) return;
  const { proofPollMs, confirmBeginsMs } = deps.config.times;
  const mayBeginUntil = new Date(Date.now() + confirmBeginsMs).toISOString();
  await enqueue(client, settleUnknown, { tenantId, escalationId, mayBeginUntil }, { delayMs: proofPollMs });
}
