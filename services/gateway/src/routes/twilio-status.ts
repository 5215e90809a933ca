import { BookproofError } from "@bookproof/errors";
import type { TenantConnection } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { statusWebhook } from "../domain/status-webhook.ts";
import { formRoute, requireSigners } from "./signed-webhook.ts";

/** How an outgoing message fares. */
export const twilioStatusRoute = (deps: Deps) => async (app: FastifyInstance) => {
  formRoute(app, "/api/twilio/status", async (form, request, reply) => {
    const { messageSid, messageStatus, errorCode, from, accountSid } = parseRequest(statusWebhook, form);
    const senders = await possibleSenders(deps, from, accountSid);
    if (senders.length === 0) throw new BookproofError("tenant_not_found", "No business here sends from that number.");
    for (const { tenantId } of requireSigners(deps, { request, form, messageSid }, senders)) {
      const { applied } = await deps.notifier.recordDelivery({ tenantId, messageSid, messageStatus, errorCode });
      // Tenants that share an account sign alike: the message is the one's who sent it.
      if (applied) break;
    }
    return reply.code(204).send();
  });
};

async function possibleSenders(deps: Deps, from: string, accountSid: string): Promise<TenantConnection[]> {
  const sender = from ? await deps.connections.byNumber(from) : undefined;
  if (sender) return [sender];
  return accountSid ? deps.connections.byAccount(accountSid) : [];
}
