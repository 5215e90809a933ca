import { withTenant } from "@bookproof/postgres";
import type { RecordOutcomeRequest, RecordOutcomeResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { markSpan } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { recordJourneyOutcome } from "../queries/conversation-stage.ts";

const schema = z.object({
  tenantId: z.guid(),
  cid: z.string().min(1),
  stage: z.enum(["INBOUND", "AGENT", "TOOL", "CONFIRM", "BOOKED", "NEEDS_HUMAN", "FAILED"]),
  stageReason: z.string(),
  needsHuman: z.boolean(),
  lastError: z.string(),
  holdId: z.string(),
});

/** Writes a journey's outcome on its conversation; one that is over is left alone. */
export const recordOutcome =
  (deps: Deps) =>
  async (request: RecordOutcomeRequest): Promise<RecordOutcomeResponse> => {
    const { tenantId, cid, stage, stageReason: reason, needsHuman, lastError, holdId } = parseRequest(schema, request);
    const recorded = await withTenant(deps.pool, tenantId, (client) =>
      recordJourneyOutcome(client, { tenantId, cid, stage, reason, needsHuman, lastError, holdId }),
    );
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
