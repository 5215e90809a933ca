import { withTenant } from "@bookproof/postgres";
import type { RecordOutcomeRequest, RecordOutcomeResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { markSpan } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { flagByPhone, recordJourneyOutcome } from "../queries/conversation-stage.ts";

const schema = z.object({
  tenantId: z.guid(),
  cid: z.string().min(1),
  stage: z.enum(["INBOUND", "AGENT", "TOOL", "CONFIRM", "BOOKED", "NEEDS_HUMAN", "FAILED"]),
  stageReason: z.string(),
  needsHuman: z.boolean(),
  lastError: z.string(),
  holdId: z.string(),
  customerPhone: z.string(),
  tenantPhone: z.string(),
});

/**
 * Writes a journey's outcome on its conversation; one that is over is left alone. An outcome that was found where nobody knew the journey
 * is written on the conversation of the phone numbers.
 */
export const recordOutcome =
  (deps: Deps) =>
  async (request: RecordOutcomeRequest): Promise<RecordOutcomeResponse> => {
    const { stageReason: reason, customerPhone, tenantPhone, ...parsed } = parseRequest(schema, request);
    const { tenantId, cid, stage, needsHuman, lastError } = parsed;
    const recorded = await withTenant(deps.pool, tenantId, async (client) => {
      const ofJourney = await recordJourneyOutcome(client, { ...parsed, reason });
      if (ofJourney || !needsHuman || !customerPhone) return ofJourney;
      return flagByPhone(client, { tenantId, cid, customerPhone, tenantPhone, reason });
    });
    if (!recorded) return { recorded: false };
    markSpan({ conversationId: recorded.conversationId });
    await deps.traceSmsFlow({
      tenantId,
      cid,
      from: recorded.customerPhone,
      direction: "internal",
      stage,
      reason: reason || "recorded",
      payload: { conversationId: recorded.conversationId, needsHuman, error: lastError || undefined },
      // Booking has traced that it is booked, the notifier that a human is needed.
      isEcho: true,
    });
    return { recorded: true };
  };
