import { enqueue, withTenant } from "@bookproof/postgres";
import { TwilioError } from "../adapters/twilio-error.ts";
import { mustReach, storeAccepted, textDidNotArrive } from "../delivery/apply-delivery.ts";
import type { Deps } from "../deps.ts";
import type { DoorMessage } from "../door/choice.ts";
import { chooseWords } from "../door/choose-words.ts";
import { findText } from "../door/find-text.ts";
import { prepareSending } from "../door/prepare-sending.ts";
import { skipMessage } from "../door/skip-message.ts";
import { accountOf, statusCallbackUrl } from "../escalation/channels.ts";
import { setStatus } from "../queries/message-status.ts";
import { isBehindAnother, type Message, selectMessage } from "../queries/messages.ts";
import { deliverMessage } from "./definitions.ts";

interface DeliverJob {
  tenantId: string;
  messageId: string;
  to: string;
}

/** How soon a text that has to wait for an earlier one looks again. */
const behindMs = 250;

/** Takes one customer's text through the door: the words are chosen now, the intent is committed, then Twilio, then the sid. */
export async function runDeliverMessage(deps: Deps, job: DeliverJob): Promise<void> {
  const { tenantId, messageId } = job;
  const seen = await withTenant(deps.pool, tenantId, async (client) => {
    const message = await selectMessage(client, tenantId, messageId);
    return message && { message, isBehind: await isBehindAnother(client, tenantId, message) };
  });
  if (!seen || !isUnsettled(seen.message)) return;
  const { message, isBehind } = seen;
  if (isBehind) return again(deps, job, behindMs);
  const connection = await deps.connections.get(tenantId);
  const { phoneNumbers } = connection;
  const from = phoneNumbers.includes(message.from) ? message.from : (phoneNumbers[0] ?? "");
  const door: DoorMessage = { tenantId, message, connection, from };
  if (message.status === "sending") {
    const sid = await findText(deps, door);
    if (sid) return accepted(deps, door, sid);
  }
  if (deps.config.blocklist.has(message.to) || message.to === message.from || phoneNumbers.includes(message.to)) {
    return skipMessage(deps, door, "internal_blocklist");
  }
  const choice = await chooseWords(deps, door);
  if (choice.kind === "wait") return again(deps, job, choice.delayMs);
  const prepared = await prepareSending(deps, door, choice);
  if (prepared === "go") await send(deps, door, choice.words);
}

const isUnsettled = ({ status }: Message) => status === "pending" || status === "sending";

async function again(deps: Deps, job: DeliverJob, delayMs: number): Promise<void> {
  await withTenant(deps.pool, job.tenantId, (client) => enqueue(client, deliverMessage, job, { delayMs }));
}

async function send(deps: Deps, door: DoorMessage, words: string): Promise<void> {
  const { connection, from, message } = door;
  const sms = { from, to: message.to, body: words, statusCallback: statusCallbackUrl(deps) };
  try {
    const { sid } = await deps.twilio.sendSms(accountOf(connection), sms);
    await accepted(deps, door, sid);
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    await refused(deps, door, error);
  }
}

async function accepted(deps: Deps, { tenantId, message, from }: DoorMessage, sid: string): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    await storeAccepted(deps, client, tenantId, message.id, sid);
    const { cid, to, key, kind } = message;
    const payload = { key, kind, status: "queued", sid };
    await deps.traceSmsFlow({ tenantId, cid, from, to, direction: "outbound", stage: "OUTBOUND", payload }, client);
  });
}

/** A refusal for good ends the message; anything else is thrown, so that the job comes back and, where nobody knows, looks first. */
async function refused(deps: Deps, { tenantId, message, from }: DoorMessage, error: TwilioError): Promise<void> {
  const end = { errorCode: error.code, error: error.message };
  if (error.kind === "rejected") {
    await withTenant(deps.pool, tenantId, async (client) => {
      await setStatus(client, tenantId, message.id, { status: "failed", ...end });
      const stored = (await selectMessage(client, tenantId, message.id)) ?? { ...message, from };
      await textDidNotArrive(deps, client, tenantId, stored, { outcome: "rejected", errorCode: error.code });
    });
    return;
  }
  if (error.kind !== "unknown") {
    await withTenant(deps.pool, tenantId, (client) =>
      setStatus(client, tenantId, message.id, { status: "pending", ...end }),
    );
  }
  if (error.kind === "credentials") {
    deps.logger.error({ tenantId }, "[TWILIO_CREDENTIALS_FAILED] Twilio refuses the tenant's account or token");
  }
  throw error;
}

/** The tries are used up: the message is ended, and where it told how a booking ended the owner hears of it. */
export async function giveUpMessage(deps: Deps, { tenantId, messageId }: DeliverJob, error: unknown): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    const message = await selectMessage(client, tenantId, messageId);
    if (!message || !isUnsettled(message)) return;
    const detail = error instanceof Error ? error.message : String(error);
    const status = message.status === "sending" ? "unknown" : "failed";
    await setStatus(client, tenantId, messageId, { status, error: detail });
    deps.log.failure(message.cid, "SMS_GIVEN_UP", { key: message.key, to: message.to, important: mustReach(message) });
    await textDidNotArrive(deps, client, tenantId, message, { outcome: "given_up", errorCode: 0 });
  });
}
