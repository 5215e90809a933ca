import { randomUUID } from "node:crypto";
import { deterministicUuid, enqueue, type Queryable, withTenant } from "@bookproof/postgres";
import { type ReceiveSmsRequest, type ReceiveSmsResponse, SmsDisposition } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { currentTraceparent, markSpan, runWithCid } from "@bookproof/telemetry";
import type { CallContext } from "nice-grpc-common";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { classifySms, type SmsClass } from "../domain/classify-sms.ts";
import { alertOwner, checkUnread, recordOptOut, takeTurn } from "../jobs/definitions.ts";
import { flagForHuman } from "../queries/conversation-stage.ts";
import { openConversation, selectCid } from "../queries/conversations.ts";
import { insertInboundMessage, selectMessagePlace } from "../queries/inbound-messages.ts";
import { takeAsAcknowledgement } from "./take-as-acknowledgement.ts";

const schema = z.object({
  tenantId: z.guid(),
  messageSid: z.string().min(1).max(64),
  from: z.string().min(1).max(64),
  to: z.string().min(1).max(64),
  // Twilio's limit is 1600 characters; JavaScript counts an emoji as two.
  body: z.string().max(3200),
  numMedia: z.int().min(0),
  optOutType: z.string(),
  leftToHuman: z.boolean(),
  sentAt: z.date().optional(),
});
type Sms = z.infer<typeof schema>;

/** What a taken-in message becomes, by what it is. */
const outcomes = {
  message: { stored: "accepted", answered: SmsDisposition.SMS_DISPOSITION_ACCEPTED },
  reaction: { stored: "reaction_ignored", answered: SmsDisposition.SMS_DISPOSITION_REACTION_IGNORED },
  blocked: { stored: "blocked", answered: SmsDisposition.SMS_DISPOSITION_BLOCKED },
  opt_out: { stored: "opt_out_recorded", answered: SmsDisposition.SMS_DISPOSITION_OPT_OUT_RECORDED },
  opt_in: { stored: "opt_out_recorded", answered: SmsDisposition.SMS_DISPOSITION_OPT_OUT_RECORDED },
  left_to_human: { stored: "left_to_human", answered: SmsDisposition.SMS_DISPOSITION_LEFT_TO_HUMAN },
} as const;

/** The journey under which the gateway alerted the owner of a text that it could not hand over. */
const degradedCid = (tenantId: string, messageSid: string) =>
  deterministicUuid("sms_not_taken_in", tenantId, messageSid);

/** Takes in one text in one transaction: MessageSid claimed, conversation and cid, trace, and the job that will answer. */
export const receiveSms =
  (deps: Deps) =>
  async (request: ReceiveSmsRequest, { signal }: Pick<CallContext, "signal">): Promise<ReceiveSmsResponse> => {
    const sms = parseRequest(schema, request);
    const received = await withTenant(deps.pool, sms.tenantId, async (client) => {
      const taken = await takeIn(deps, client, sms);
      // Who stopped waiting answers in our place: a message is answered once.
      signal.throwIfAborted();
      return taken;
    });
    markSpan({ conversationId: received.conversationId });
    const fields = { phone: sms.from, messageSid: sms.messageSid, convId: received.conversationId || undefined };
    const marker = {
      [SmsDisposition.SMS_DISPOSITION_REACTION_IGNORED]: "SMS_REACTION_IGNORED",
      [SmsDisposition.SMS_DISPOSITION_DUPLICATE]: "SMS_DUPLICATE_IGNORED",
      [SmsDisposition.SMS_DISPOSITION_TEST_ALERT_ACKNOWLEDGED]: "TEST_ALERT_ACKNOWLEDGED",
    }[received.disposition as string];
    deps.log.step(received.cid, marker ?? "SMS_RECEIVED", fields);
    return received;
  };

async function takeIn(deps: Deps, client: Queryable, sms: Sms): Promise<ReceiveSmsResponse> {
  const { tenantId, messageSid, from, to, body, numMedia } = sms;
  const known = await selectMessagePlace(client, tenantId, messageSid);
  if (known) return { ...known, disposition: SmsDisposition.SMS_DISPOSITION_DUPLICATE };
  const kind = classifySms(sms, deps.config.internalBlocklist);
  const acknowledged = await takeAsAcknowledgement(deps, client, sms, kind);
  if (acknowledged) return acknowledged;
  const parties = { tenantId, customerPhone: from, tenantPhone: to };
  const answerable = kind.kind !== "blocked" && kind.kind !== "reaction";
  const freshCid = sms.leftToHuman ? degradedCid(tenantId, messageSid) : randomUUID();
  const conversation = answerable ? await openConversation(client, { ...parties, freshCid }) : undefined;
  // What is not answered belongs to the journey that is under way, but begins none.
  const cid = conversation?.cid ?? (await selectCid(client, parties)) ?? randomUUID();
  const conversationId = conversation?.id ?? null;
  const leftToHuman = sms.leftToHuman && conversation !== undefined;
  const outcome = leftToHuman && kind.kind === "message" ? outcomes.left_to_human : outcomes[kind.kind];
  if (
    !(await insertInboundMessage(client, {
      tenantId,
      messageSid,
      conversationId,
      cid,
      from,
      to,
      body,
      numMedia,
      disposition: outcome.stored,
      sentAt: sms.sentAt,
      traceparent: currentTraceparent(),
    }))
  ) {
    const place = await selectMessagePlace(client, tenantId, messageSid);
    return { conversationId: "", cid, ...place, disposition: SmsDisposition.SMS_DISPOSITION_DUPLICATE };
  }
  await deps.traceSmsFlow(
    {
      tenantId,
      cid,
      from,
      to,
      direction: "inbound",
      stage: answerable ? "INBOUND" : "SKIP",
      reason: {
        blocked: "internal_blocklist",
        reaction: "reaction",
        opt_out: "opt_out",
        opt_in: "opt_in",
        message: undefined,
      }[kind.kind],
      payload: { messageSid, bodyLength: body.length, numMedia, ...(leftToHuman ? { leftToHuman } : {}) },
    },
    client,
  );
  if (leftToHuman)
    await flagForHuman(client, { tenantId, conversationId: conversation.id, cid, reason: "turn_failed" });
  await runWithCid(cid, () => enqueueFollowUp(deps, client, { sms, kind, conversationId, cid }));
  return { disposition: outcome.answered, conversationId: conversationId ?? "", cid };
}

async function enqueueFollowUp(
  deps: Deps,
  client: Queryable,
  taken: { sms: Sms; kind: SmsClass; conversationId: string | null; cid: string },
): Promise<void> {
  const { sms, kind, conversationId, cid } = taken;
  const { tenantId, messageSid, from } = sms;
  if (!conversationId) return;
  if (kind.kind === "message" && !sms.leftToHuman) {
    // One waiting turn a conversation: it reads everything unread when it runs.
    await enqueue(client, takeTurn, { tenantId, conversationId }, { key: `turn:${conversationId}` });
    await enqueue(
      client,
      checkUnread,
      { tenantId, conversationId, messageSid },
      { delayMs: deps.config.unreadAlertMs },
    );
  }
  if (kind.kind === "opt_out" || kind.kind === "opt_in") {
    const optedOut = kind.kind === "opt_out";
    // The newest word stands: one that is taken in late must not overrule what was said since.
    const receivedAt = (sms.sentAt ?? new Date()).toISOString();
    await enqueue(client, recordOptOut, {
      tenantId,
      phone: from,
      optedOut,
      keyword: kind.keyword,
      messageSid,
      receivedAt,
    });
    // Contracts: CANCEL opts the customer out, so only the owner can find out what was meant.
    if (kind.keyword === "CANCEL") {
      await enqueue(client, alertOwner, {
        tenantId,
        conversationId,
        cid,
        reason: "customer_may_want_to_cancel",
        customerPhone: from,
        businessPhone: sms.to,
        customerName: "",
        offeringName: "",
        calendarName: "",
        address: "",
        customerText: "",
      });
    }
  }
}
