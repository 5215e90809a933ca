import { type Reason, reasonOf } from "@bookproof/errors";
import { enqueue, type Queryable, withTenant } from "@bookproof/postgres";
import { linkToTraces, markSpan, runWithCid } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import {
  type Reply,
  type RequestedSlot,
  readDialogueState,
  type TurnResult,
  takeTurn,
} from "../domain/dialogue/take-turn.ts";
import { alertedAttempt } from "../jobs/alerted-attempt.ts";
import { alertOwner, sendReply } from "../jobs/definitions.ts";
import { flagForHuman } from "../queries/conversation-stage.ts";
import {
  type Conversation,
  markPauseAnnounced,
  selectConversation,
  storeDialogueState,
} from "../queries/conversations.ts";
import { type InboundMessage, markRead, selectUnread } from "../queries/inbound-messages.ts";
import { bookingTools } from "./booking-tools.ts";
import { loadTenantProfile } from "./tenant-profile.ts";

/** What a paused bot says, once a pause. */
const pausedText = "Thanks. A human will text you shortly.";

/**
 * Answers everything unread of a conversation as one turn. What the turn leaves behind (state, reply, alert) is stored in
 * one transaction with the messages' being read, so a turn that is cut off runs again from the same messages and keys.
 */
export async function runTurn(deps: Deps, tenantId: string, conversationId: string): Promise<void> {
  const { conversation, unread } = await withTenant(deps.pool, tenantId, async (client) => ({
    conversation: await selectConversation(client, tenantId, conversationId),
    unread: await selectUnread(client, tenantId, conversationId),
  }));
  const newest = unread.at(-1);
  if (!conversation || !newest) return;
  markSpan({ conversationId });
  linkToTraces(unread.map(({ traceparent }) => traceparent));
  const take = conversation.needsHuman ? answerWhilePaused : answer;
  await runWithCid(conversation.cid, () =>
    take(deps, tenantId, { conversation, unread, newest }).catch((error) =>
      traceFailure(deps, tenantId, conversation, error),
    ),
  );
}

/** Seed 001, step 4: an exception leaves its row. @throws the error, so that the turn is tried again. */
async function traceFailure(deps: Deps, tenantId: string, conversation: Conversation, error: unknown): Promise<never> {
  await deps.traceSmsFlow({
    tenantId,
    cid: conversation.cid,
    from: conversation.customerPhone,
    direction: "internal",
    stage: "FAILED",
    reason: reasonOf(error),
    payload: { at: "turn", error: reasonOf(error) },
  });
  throw error;
}

interface Pending {
  conversation: Conversation;
  unread: InboundMessage[];
  newest: InboundMessage;
}

async function answerWhilePaused(
  deps: Deps,
  tenantId: string,
  { conversation, unread, newest }: Pending,
): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    await markRead(client, tenantId, sids(unread));
    if (conversation.pauseAnnounced) return;
    await markPauseAnnounced(client, tenantId, conversation.id);
    await enqueueReply(client, { tenantId, conversation, newest, reply: { kind: "text", text: pausedText } });
  });
  await deps.traceSmsFlow({
    tenantId,
    cid: conversation.cid,
    from: conversation.customerPhone,
    direction: "internal",
    stage: "PAUSED",
    reason: "needs_human",
    payload: { messages: unread.length },
  });
}

async function answer(deps: Deps, tenantId: string, { conversation, unread, newest }: Pending): Promise<void> {
  const { cid, customerPhone } = conversation;
  const trace = { tenantId, cid, from: customerPhone, direction: "internal", stage: "AGENT" } as const;
  const before = readDialogueState(conversation.dialogueState);
  await deps.traceSmsFlow({
    ...trace,
    reason: "turn started",
    payload: { step: before.step, messages: unread.length },
  });
  const tenant = await loadTenantProfile(deps, tenantId, conversation.tenantPhone);
  const { tools, confirmSettled } = bookingTools(deps, {
    tenantId,
    conversationId: conversation.id,
    cid,
    customerPhone,
    businessPhone: conversation.tenantPhone,
    messageSid: newest.messageSid,
  });
  const turn = await takeTurn({
    tenant,
    state: before,
    texts: unread.map((message) => message.body),
    media: unread.some((message) => message.numMedia > 0),
    now: new Date(),
    tools,
  });
  await withTenant(deps.pool, tenantId, (client) =>
    storeTurn(client, { tenantId, pending: { conversation, unread, newest }, turn, confirmSettled: confirmSettled() }),
  );
  const { state, reply, escalate } = turn;
  await deps.traceSmsFlow({
    ...trace,
    reason: escalate ? `handed over: ${escalate.reason}` : "turn answered",
    payload: { step: state.step, reply_kind: reply.kind, service: state.offeringId ?? "unset", address: state.address },
  });
}

async function storeTurn(
  client: Queryable,
  stored: { tenantId: string; pending: Pending; turn: TurnResult; confirmSettled: boolean },
): Promise<void> {
  const { tenantId, pending, turn, confirmSettled } = stored;
  const { conversation, unread, newest } = pending;
  const { escalate, reply, state } = turn;
  await storeDialogueState(client, tenantId, {
    conversationId: conversation.id,
    cid: conversation.cid,
    state,
    confirmSettled,
  });
  await markRead(client, tenantId, sids(unread));
  if (reply.kind !== "none") await enqueueReply(client, { tenantId, conversation, newest, reply });
  if (escalate) await escalateConversation(client, { tenantId, conversation, ...escalate });
}

/** Flags the conversation for a human and alerts the owner, in the caller's transaction (P2). */
export async function escalateConversation(
  client: Queryable,
  escalation: {
    tenantId: string;
    conversation: Conversation;
    reason: Reason;
    requested: RequestedSlot;
    customerText?: string;
  },
): Promise<void> {
  const { tenantId, conversation, reason, requested } = escalation;
  const flag = { tenantId, conversationId: conversation.id, cid: conversation.cid, reason };
  // The journey may have rolled on meanwhile: whoever settles it goes by the one the conversation is on.
  const cid = (await flagForHuman(client, flag)) ?? conversation.cid;
  await enqueue(client, alertOwner, {
    tenantId,
    conversationId: conversation.id,
    cid,
    attemptId: alertedAttempt(reason, tenantId, conversation.confirmingHoldId),
    reason,
    customerPhone: conversation.customerPhone,
    businessPhone: conversation.tenantPhone,
    customerName: requested.customerName ?? "",
    start: requested.start,
    offeringName: requested.offeringName ?? "",
    calendarName: requested.calendarName ?? "",
    address: requested.address ?? "",
    customerText: escalation.customerText ?? "",
  });
}

/** What a conversation was about, for whoever takes over. */
export function requestedSlot(conversation: Conversation): RequestedSlot {
  const { step, hold: lastHold, name, address, offeringId } = readDialogueState(conversation.dialogueState);
  // A request that was dropped leaves its hold behind: it is not what the customer wants now.
  const hold = step === "idle" ? undefined : lastHold;
  const offering = hold?.offeringId ?? offeringId;
  return {
    ...(offering && { offeringName: offering }),
    ...(hold && { start: hold.start, calendarName: hold.calendarName }),
    ...(name && { customerName: name }),
    ...(address && { address }),
  };
}

async function enqueueReply(
  client: Queryable,
  answered: {
    tenantId: string;
    conversation: Conversation;
    newest: InboundMessage;
    reply: Exclude<Reply, { kind: "none" }>;
  },
): Promise<void> {
  const { tenantId, conversation, newest, reply } = answered;
  await enqueue(client, sendReply, {
    tenantId,
    conversationId: conversation.id,
    cid: conversation.cid,
    to: conversation.customerPhone,
    from: conversation.tenantPhone,
    key: reply.kind === "booked" ? `booked:${reply.appointmentId}` : `reply:${newest.messageSid}`,
    content: reply,
  });
}

const sids = (messages: InboundMessage[]) => messages.map((message) => message.messageSid);
