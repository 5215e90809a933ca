import { reasonOf } from "@bookproof/errors";
import { deterministicUuid, enqueue, withTenant } from "@bookproof/postgres";
import { AttemptStatus } from "@bookproof/proto/booking";
import { markSpan, recordTool } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import type { ConfirmOutcome, DialogueTools } from "../domain/dialogue/take-turn.ts";
import { watchConfirm, watchLostSlot } from "../jobs/definitions.ts";
import { markConfirming } from "../queries/conversations.ts";

/** The turn the tools work for; `messageSid` is the newest message it answers, from which every key is derived. */
export interface TurnContext {
  tenantId: string;
  conversationId: string;
  cid: string;
  customerPhone: string;
  businessPhone: string;
  messageSid: string;
}

export interface BookingTools {
  tools: DialogueTools;
  /** Whether a CONFIRM of this turn has an outcome; one that is still running is watched. */
  confirmSettled(): boolean;
}

/** How long a CONFIRM may wait for the booking service before it must not begin any more, in milliseconds. */
const confirmPatienceMs = 5_000;
const confirmDeadlineMs = 8_000;

/** The dialogue's tools over gRPC: each call is traced before and after, and repeating a turn repeats nothing. */
export function bookingTools(deps: Deps, turn: TurnContext): BookingTools {
  let settled = false;
  const tools = toolsOf(deps, turn);
  return {
    confirmSettled: () => settled,
    tools: {
      ...tools,
      async confirmBooking(wanted) {
        const outcome = await tools.confirmBooking(wanted);
        settled = outcome.status !== "running";
        return outcome;
      },
    },
  };
}

function toolsOf(deps: Deps, turn: TurnContext): DialogueTools {
  const { tenantId, conversationId, cid, customerPhone } = turn;
  const traced = <T>(tool: string, work: () => Promise<T>) => traceTool(deps, turn, tool, work);
  return {
    findOpenings: (wanted) =>
      traced("find_openings", async () => {
        const { openings, unreadable } = await deps.booking.findOpenings({
          tenantId,
          offeringId: wanted.offeringId,
          windows: wanted.windows,
          limit: wanted.limit,
          ownHoldId: wanted.ownHoldId ?? "",
          conversationId,
        });
        return {
          openings: openings.map((opening) => ({
            calendarId: opening.calendarId,
            calendarName: opening.calendarName,
            start: opening.start?.toISOString() ?? "",
            end: opening.end?.toISOString() ?? "",
          })),
          unreadable: openings.length === 0 && unreadable.length > 0,
        };
      }),

    claimSlot: ({ offeringId, opening, customerName, replacesHoldId }) =>
      traced("claim_slot", async () => {
        const holdId = deterministicUuid(
          "hold",
          tenantId,
          turn.messageSid,
          offeringId,
          opening.calendarId,
          opening.start,
        );
        const claimed = await deps.booking.claimSlot({
          tenantId,
          holdId,
          offeringId,
          calendarId: opening.calendarId,
          start: new Date(opening.start),
          callSid: conversationId,
          customerName: customerName ?? "",
          customerPhone,
          replacesHoldId: replacesHoldId ?? "",
          cid,
        });
        if (!claimed.success || !claimed.expiresAt) return { held: false, taken: claimed.error !== "Slot not open" };
        return {
          held: true,
          holdId,
          expiresAt: claimed.expiresAt.toISOString(),
          calendarId: claimed.calendarId || opening.calendarId,
          calendarName: claimed.calendarName || opening.calendarName,
        };
      }),

    async confirmBooking({ holdId, customerName, address }) {
      const watched = { tenantId, conversationId, cid, holdId };
      // Not among what may fail unanswered: what is not watched must not be said to be finalized.
      await withTenant(deps.pool, tenantId, async (client) => {
        await markConfirming(client, tenantId, conversationId, holdId);
        await enqueue(client, watchConfirm, watched, { delayMs: deps.config.confirmAlertMs, key: `watch:${holdId}` });
      });
      return traced<ConfirmOutcome>("confirm_booking", async () => {
        const outcome = await deps.booking.confirmBooking(
          {
            tenantId,
            holdId,
            cid,
            conversationId,
            customer: { name: customerName, phone: customerPhone, email: "" },
            address,
            notAfter: new Date(Date.now() + confirmPatienceMs),
            messageSid: turn.messageSid,
            bookingSource: "sms",
            businessPhone: turn.businessPhone,
          },
          { deadline: confirmDeadlineMs },
        );
        switch (outcome.status) {
          case AttemptStatus.ATTEMPT_STATUS_CONFIRMED:
            return { status: "confirmed", appointmentId: outcome.appointmentId };
          case AttemptStatus.ATTEMPT_STATUS_FAILED:
            return { status: "failed", reason: outcome.reason };
          case AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN:
            await withTenant(deps.pool, tenantId, (client) =>
              enqueue(client, watchLostSlot, watched, { delayMs: deps.config.lostSlotAlertMs, key: `lost:${holdId}` }),
            );
            return { status: "slot_taken" };
          default:
            return { status: "running" };
        }
      }).catch((error) => {
        // Nobody knows yet what became of it: the customer hears just that, and watch_confirm sees it through.
        deps.log.failure(cid, "CONFIRM_UNANSWERED", { phone: customerPhone, reason: reasonOf(error) }, error);
        return { status: "running" as const };
      });
    },
  };
}

async function traceTool<T>(deps: Deps, turn: TurnContext, tool: string, work: () => Promise<T>): Promise<T> {
  const trace = {
    tenantId: turn.tenantId,
    cid: turn.cid,
    from: turn.customerPhone,
    direction: "internal",
    stage: "TOOL",
  } as const;
  markSpan({ tool });
  await deps.traceSmsFlow({ ...trace, reason: `${tool}: called`, payload: { tool } });
  const since = performance.now();
  const measure = (outcome: string) => recordTool({ tool, channel: "sms", outcome }, performance.now() - since);
  try {
    const result = await work();
    measure("ok");
    await deps.traceSmsFlow({ ...trace, reason: `${tool}: answered`, payload: { tool, ok: true } });
    return result;
  } catch (error) {
    measure(reasonOf(error));
    await deps.traceSmsFlow({
      ...trace,
      reason: `${tool}: failed`,
      payload: { tool, ok: false, error: reasonOf(error) },
    });
    throw error;
  }
}
