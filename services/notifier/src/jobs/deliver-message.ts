import { enqueue, withTenant } from "@bookproof/postgres";
import { markSpan } from "@bookproof/telemetry";
import type { z } from "zod";
import { MailError } from "../adapters/mail.ts";
import { TwilioError } from "../adapters/twilio-error.ts";
import { credentialsRefused } from "../delivery/credential-outage.ts";
import { didNotArrive, mustReach } from "../delivery/did-not-arrive.ts";
import { handOver } from "../delivery/hand-over.ts";
import { accepted, refused } from "../delivery/handed-over.ts";
import type { Deps } from "../deps.ts";
import { isUnsettled } from "../domain/delivery-status.ts";
import { phoneOf } from "../domain/phone-of.ts";
import { testAlertMs } from "../domain/test-alert.ts";
import type { DoorMessage } from "../door/choice.ts";
import { chooseWords } from "../door/choose-words.ts";
import { findText } from "../door/find-text.ts";
import { prepareSending } from "../door/prepare-sending.ts";
import { skipMessage } from "../door/skip-message.ts";
import { setStatus } from "../queries/message-status.ts";
import { isBehindAnother, type Message, selectMessage } from "../queries/messages.ts";
import { deliverMessage } from "./definitions.ts";

type DeliverJob = z.output<typeof deliverMessage.payload>;

/** How soon a text that has to wait for an earlier one looks again: the longer it has waited, the later. */
const behindMs = (ageMs: number) => Math.min(250 + ageMs / 20, 15_000);

/** Takes one message through the door: the words are chosen now, the intent is committed, then the provider, then its id. */
export async function runDeliverMessage(deps: Deps, job: DeliverJob): Promise<void> {
  const { tenantId, messageId } = job;
  const seen = await withTenant(deps.pool, tenantId, async (client) => {
    const message = await selectMessage(client, tenantId, messageId);
    return message && { message, isBehind: !job.urgent && (await isBehindAnother(client, tenantId, message)) };
  });
  if (!seen || !isUnsettled(seen.message.status)) return;
  const { message, isBehind } = seen;
  markSpan({ messageKind: message.kind, conversationId: message.conversationId });
  if (isBehind) return again(deps, job, behindMs(message.ageMs));
  try {
    await throughTheDoor(deps, job, message);
  } catch (error) {
    if (!(error instanceof TwilioError && isForNow(error))) throw error;
    await postpone(deps, job, message, error);
  }
}

async function throughTheDoor(deps: Deps, job: DeliverJob, message: Message): Promise<void> {
  const { tenantId } = job;
  const connection = await deps.connections.get(tenantId);
  const { phoneNumbers } = connection;
  const from = phoneNumbers.includes(message.from) ? message.from : (phoneNumbers[0] ?? "");
  const door: DoorMessage = { tenantId, message, connection, from };
  if (message.status === "sending" && message.channel === "sms") {
    const sid = await findText(deps, door);
    if (sid) return accepted(deps, door, sid);
  }
  // A call cannot be looked up, and a second one is worse than the owner's: it ended unknown.
  if (message.status === "sending" && message.channel === "voice") return giveUpMessage(deps, job, "ended unknown");
  if (message.kind === "otp" && message.ageMs > deps.config.times.acceptanceWaitMs) {
    return giveUpMessage(deps, job, "too_late");
  }
  if (message.kind === "test_alert" && message.ageMs > testAlertMs) return giveUpMessage(deps, job, "too_late");
  if (deps.config.blocklist.has(message.to) || message.to === message.from || phoneNumbers.includes(message.to)) {
    return skipMessage(deps, door, "internal_blocklist");
  }
  const choice = await chooseWords(deps, door);
  if (choice.kind === "wait") return again(deps, job, choice.delayMs);
  if (choice.kind === "skip") return skipMessage(deps, door, choice.reason);
  const prepared = await prepareSending(deps, door, choice);
  if (prepared === "go") await send(deps, door, choice.words);
}

/** Refused for a reason that passes, and is not the message's own. */
const isForNow = ({ kind }: TwilioError) => kind === "rate_limited" || kind === "credentials";

/** Kept for as long as it may still be said, whatever the number of tries: nothing is lost to a slow or a locked account. */
async function postpone(deps: Deps, job: DeliverJob, message: Message, error: TwilioError): Promise<void> {
  const { slowDownMs, credentialRetryMs, timelyMs } = deps.config.times;
  if (error.kind === "credentials") await credentialsRefused(deps, job.tenantId);
  if (message.ageMs > timelyMs) return giveUpMessage(deps, job, "too_late");
  if (error.kind === "credentials") return again(deps, job, credentialRetryMs);
  const { slowedDown } = job;
  const delayMs = Math.max(error.retryAfterMs, slowDownMs[slowedDown] ?? slowDownMs.at(-1) ?? 0);
  await again(deps, { ...job, slowedDown: slowedDown + 1 }, delayMs);
}

async function again(deps: Deps, job: DeliverJob, delayMs: number): Promise<void> {
  await withTenant(deps.pool, job.tenantId, (client) => enqueue(client, deliverMessage, job, { delayMs }));
}

async function send(deps: Deps, door: DoorMessage, words: string): Promise<void> {
  let sid: string;
  try {
    sid = await handOver(deps, door, words);
  } catch (error) {
    if (!(error instanceof TwilioError || error instanceof MailError)) throw error;
    return refused(deps, door, error);
  }
  await accepted(deps, door, sid);
}

/** Nothing more is tried: the message is ended, and where it told how a booking ended another way is found or the owner hears of it. */
export async function giveUpMessage(deps: Deps, { tenantId, messageId }: DeliverJob, error: unknown): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    const message = await selectMessage(client, tenantId, messageId);
    if (!message || !isUnsettled(message.status)) return;
    const detail = error instanceof Error ? error.message : String(error);
    const status = message.status === "sending" ? "unknown" : "failed";
    await setStatus(client, tenantId, messageId, { status, error: detail });
    deps.log.failure(message.cid, "SMS_GIVEN_UP", {
      key: message.key,
      to: phoneOf(message.to),
      important: mustReach(message),
    });
    await didNotArrive(deps, client, tenantId, message, { outcome: "given_up", errorCode: 0, reported: false });
  });
}
