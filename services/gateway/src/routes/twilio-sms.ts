import { BookproofError, hasReason } from "@bookproof/errors";
import { deterministicUuid } from "@bookproof/postgres";
import { maskPhone, parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import type { Deps } from "../deps.ts";
import { type InboundSms, notTakenInReply, smsWebhook } from "../domain/sms-webhook.ts";
import { formRoute, requireSigners } from "./signed-webhook.ts";

/** How long the agent may take to store a text, retries included; Twilio waits 15 s in all. */
const takeInMs = 3_000;
/** The notifier waits for a database that does not answer before it alerts without one, and then for each of its channels. */
const alertMs = 10_000;

/** A customer's text: answered only once it is durable, or once the owner knows that it is not. */
export const twilioSmsRoute = (deps: Deps) => async (app: FastifyInstance) => {
  formRoute(app, "/api/twilio/sms", async (form, request, reply) => {
    const sms = parseRequest(smsWebhook, form);
    const tenant = await deps.connections.byNumber(sms.to);
    if (!tenant) throw new BookproofError("tenant_not_found", "No business here has that number.");
    requireSigners(deps, { request, form, messageSid: sms.messageSid }, [tenant]);
    try {
      await takeIn(deps, tenant.tenantId, sms);
      return reply.code(204).send();
    } catch (error) {
      // Told to come back: an alert for each of a flood would only add to it, and the sweep takes in what does not.
      if (hasReason(error, "overloaded")) throw error;
      await alertOwner(deps, tenant.tenantId, sms, error);
      return reply.type("text/xml").send(notTakenInReply);
    }
  });
};

async function takeIn(deps: Deps, tenantId: string, sms: InboundSms): Promise<void> {
  const taken = await deps.agent.receiveSms({ tenantId, ...sms }, { deadline: takeInMs });
  deps.log.step(taken.cid, "SMS_TAKEN_IN", {
    phone: sms.from,
    messageSid: sms.messageSid,
    convId: taken.conversationId || undefined,
    disposition: taken.disposition.replace("SMS_DISPOSITION_", "").toLowerCase(),
  });
}

/**
 * P2 without the agent: the notifier tells the owner directly.
 * @throws BookproofError `unavailable` when that fails too, so that Twilio's fallback URL tries elsewhere.
 */
async function alertOwner(deps: Deps, tenantId: string, sms: InboundSms, cause: unknown): Promise<void> {
  const { messageSid, from } = sms;
  deps.logger.error({ err: cause, messageSid, phone: maskPhone(from) }, "[SMS_NOT_TAKEN_IN] the owner is alerted");
  // Two of our own numbers would answer each other for ever.
  if (deps.connections.knownByNumber(from)) throw new BookproofError("unavailable");
  const alert = {
    tenantId,
    // No journey is known here; derived from the message, so that a webhook posted again is the same escalation.
    cid: deterministicUuid("sms_not_taken_in", tenantId, messageSid),
    conversationId: "",
    attemptId: "",
    reason: "turn_failed",
    customerText: "",
    requested: {
      customerPhone: from,
      customerName: "",
      start: undefined,
      offeringName: "",
      calendarName: "",
      address: "",
    },
  };
  await deps.notifier.notifyOwnerBookingFailure(alert, { deadline: alertMs }).catch((error: unknown) => {
    throw new BookproofError("unavailable", undefined, { cause: error });
  });
}
