import { BookproofError } from "@bookproof/errors";
import type { NotifyOwnerBookingFailureRequest, NotifyOwnerBookingFailureResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { keepStoring } from "../escalation/keep-storing.ts";
import { notifyOwnerBookingFailure, toEscalation } from "../escalation/notify-owner-booking-failure.ts";
import { cid, conversationId, maybe, requested, tenantId, toRequested } from "./fields.ts";

const schema = z.object({
  tenantId,
  cid,
  conversationId,
  attemptId: maybe(z.guid()),
  reason: z.string().min(1).max(100),
  requested: requested.optional(),
  customerText: z.string().max(1_600),
  followsAttemptId: maybe(z.guid()),
  note: z.string().max(500),
  linkPath: maybe(z.string().startsWith("/").max(500)),
});

/** So many wait in memory for Postgres at most; whoever raised one more keeps it, and tries again. */
const mostWaiting = 1_000;

/**
 * Escalates. Without a database the owner is alerted all the same: where a channel took it the call succeeds, and the escalation
 * is stored later. @param stopped ends the trying.
 */
export const notifyOwner = (deps: Deps, stopped: AbortSignal) => {
  const waiting = new Set<string>();
  return async (request: NotifyOwnerBookingFailureRequest): Promise<NotifyOwnerBookingFailureResponse> => {
    const { requested: wish, ...parsed } = parseRequest(schema, request);
    const failure = { ...parsed, ...toRequested(wish) };
    try {
      return await runWithCid(failure.cid, () => notifyOwnerBookingFailure(deps, failure));
    } catch (error) {
      if (error instanceof BookproofError) throw error;
      const { id } = toEscalation(failure);
      if (!(await deps.directAlerts.find(id))) throw error;
      if (!waiting.has(id)) {
        if (waiting.size >= mostWaiting) throw error;
        waiting.add(id);
        void keepStoring(deps, failure, stopped).finally(() => waiting.delete(id));
      }
      return { escalationId: id, created: true };
    }
  };
};
