import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Accounts, TwilioAccount } from "./accounts.ts";
import { newSid } from "./form.ts";
import { inboundForm } from "./inbound-form.ts";
import type { WritableTwilioLedger } from "./ledger.ts";
import type { MessageEntry } from "./ledger-entry.ts";
import { TwilioRefusal } from "./refusal.ts";
import { countSegments } from "./segments.ts";
import { type PostAnswer, postSigned } from "./signed-post.ts";
import { readTwimlReplies } from "./twiml-replies.ts";

/** A text from a customer's phone to one of our numbers, both E.164. */
export const inboundTextSchema = z.object({
  from: z.string().min(1),
  to: z.string().min(1),
  body: z.string().max(1600),
  mediaUrls: z.array(z.string()).optional(),
  /** Of an earlier text: posts that one again, as Twilio does after a failed delivery. */
  messageSid: z.string().optional(),
  /** Whose text it is; by default the owner of `to`. */
  accountSid: z.string().optional(),
  /** Only Advanced Opt-Out on a Messaging Service sends it. */
  optOutType: z.enum(["STOP", "START", "HELP"]).optional(),
  /** False only writes it to the ledger, as when no webhook reached us: a sweep has to find it. */
  post: z.boolean().default(true),
});
export type InboundText = z.input<typeof inboundTextSchema>;

/** What the webhook answered; `status` is null where nobody answered in time, and `error` says why. */
export type InboundResult = { messageSid: string; status: number | null; body: string; error?: string };

export type InboundDeps = {
  ledger: WritableTwilioLedger;
  accounts: Accounts;
  now: () => number;
  signal: AbortSignal;
  webhookTimeoutMs: number;
  /** Read at each text, as it may be set after the start. */
  webhooks(): { url: string | undefined; fallbackUrl: string | undefined };
};

/**
 * Takes a customer's text in and posts it to the webhook: the primary URL, once more if nobody answered, then the
 * fallback URL once, also after a 5xx. TwiML `<Message>`s in the answer become outbound replies in the ledger.
 * @throws TwilioRefusal 21606 when no account owns `to`
 * @throws Error when it is to be posted and there is no webhook URL
 */
export async function sendInbound(input: InboundText, deps: InboundDeps): Promise<InboundResult> {
  const text = inboundTextSchema.parse(input);
  const account = text.accountSid === undefined ? deps.accounts.ownerOf(text.to) : deps.accounts.get(text.accountSid);
  if (account === undefined) throw new TwilioRefusal(400, 21606, `No known account owns ${text.to}`);
  const { ledger } = deps;
  const known = text.messageSid === undefined ? undefined : ledger.message(text.messageSid);
  const entry = known ?? inboundEntry(text, account, deps.now());
  if (known === undefined) ledger.putMessage(entry);
  if (!text.post) return { messageSid: entry.sid, status: null, body: "" };

  const answer = await postToWebhooks(inboundForm(entry, text.optOutType), account, deps);
  for (const reply of answer.status === 200 ? readTwimlReplies(answer.body) : []) {
    if (!ledger.isOptedOut(text.from, text.to)) ledger.putMessage(replyEntry(entry, reply, deps.now()));
  }
  return { messageSid: entry.sid, ...answer };
}

async function postToWebhooks(
  form: Record<string, string>,
  account: TwilioAccount,
  deps: InboundDeps,
): Promise<PostAnswer> {
  const { url, fallbackUrl } = deps.webhooks();
  if (url === undefined) throw new Error("the Twilio simulator has no webhook URL to post inbound texts to");
  const post = async (target: string, extra: Record<string, string> = {}): Promise<PostAnswer> => {
    const answer = await postSigned({
      url: target,
      form: { ...form, ...extra },
      authToken: account.authToken,
      timeoutMs: deps.webhookTimeoutMs,
      headers: { "i-twilio-idempotency-token": randomUUID() },
      signal: deps.signal,
    });
    const messageSid = form.MessageSid ?? "";
    deps.ledger.addWebhook({ messageSid, url: target, httpStatus: answer.status, answeredAt: deps.now() });
    return answer;
  };

  let answer = await post(url);
  if (answer.status === null) answer = await post(url);
  if (fallbackUrl === undefined || (answer.status !== null && answer.status < 500)) return answer;
  // 11200: HTTP retrieval failure, https://www.twilio.com/docs/api/errors/11200
  return post(fallbackUrl, { ErrorCode: "11200", ErrorUrl: url });
}

function inboundEntry(text: z.output<typeof inboundTextSchema>, account: TwilioAccount, now: number): MessageEntry {
  const mediaUrls = text.mediaUrls ?? [];
  return {
    sid: text.messageSid ?? newSid(mediaUrls.length > 0 ? "MM" : "SM"),
    accountSid: account.sid,
    direction: "inbound",
    from: text.from,
    to: text.to,
    body: text.body,
    status: "received",
    numSegments: countSegments(text.body),
    mediaUrls,
    messagingServiceSid: null,
    statusCallback: null,
    errorCode: null,
    acceptedAt: now,
    sentAt: now,
    updatedAt: now,
  };
}

function replyEntry(inbound: MessageEntry, body: string, now: number): MessageEntry {
  return {
    ...inbound,
    sid: newSid("SM"),
    direction: "outbound-reply",
    from: inbound.to,
    to: inbound.from ?? "",
    body,
    status: "delivered",
    numSegments: countSegments(body),
    mediaUrls: [],
    acceptedAt: now,
    sentAt: now,
    updatedAt: now,
  };
}
