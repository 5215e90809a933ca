import twilio from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";
import type { IncomingPhoneNumberInstance } from "twilio/lib/rest/api/v2010/account/incomingPhoneNumber.js";
import type { TwilioNumber } from "../domain/number-webhook.ts";
import { retryAfterMs, TwilioError, toTwilioError } from "./twilio-error.ts";

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
}

/** What Twilio took in. */
export interface Accepted {
  sid: string;
  /** Twilio's MessageStatus or CallStatus. */
  status: string;
}

/** Twilio for any tenant's account. Every function throws TwilioError and nothing else. */
export interface Twilio {
  /** Numbers in E.164; `statusCallback` is the URL that hears of the delivery. */
  sendSms(
    account: TwilioAccount,
    sms: { from: string; to: string; body: string; statusCallback: string },
  ): Promise<Accepted>;
  /** Calls `to` and reads `say` out, twice. */
  placeCall(account: TwilioAccount, call: { from: string; to: string; say: string }): Promise<Accepted>;
  /** Where a text or call (CA…) is now; `errorCode` is 0 for none. */
  fetchStatus(account: TwilioAccount, sid: string): Promise<{ status: string; errorCode: number }>;
  /** The account itself: "active", "suspended" or "closed", and "Trial" or "Full". */
  fetchAccount(account: TwilioAccount): Promise<{ status: string; type: string }>;
  /** A number (E.164) of the account; undefined where it has none such. */
  findNumber(account: TwilioAccount, number: string): Promise<TwilioNumber | undefined>;
  /** Texts to `to` sent since then (whole seconds), newest first: how a send that ended unknown is found again. */
  listSent(account: TwilioAccount, query: { to: string; since: Date }): Promise<(Accepted & { body: string })[]>;
  /** Texts that customers sent to `to`, one of the account's numbers, since then (whole seconds), oldest first. */
  listReceived(account: TwilioAccount, query: { to: string; since: Date }): Promise<ReceivedText[]>;
}

export interface ReceivedText {
  sid: string;
  /** E.164, or a short code. */
  from: string;
  to: string;
  body: string;
  numMedia: number;
  /** Whole seconds. */
  sentAt: Date;
}

/** No look-up needs more texts to one number than this; it is Twilio's largest page. */
const lookUpLimit = 1_000;
const pageSize = 1_000;

const twilioHost = "https://api.twilio.com";

/** @param options.baseUrl takes the place of https://api.twilio.com. */
export function createTwilio(options: { baseUrl: string; timeoutMs: number }): Twilio {
  const { baseUrl, timeoutMs } = options;
  class RedirectedClient extends twilio.RequestClient {
    override async request<TData>(request: RequestClient.RequestOptions<TData>) {
      const response = await super.request<TData>({ ...request, uri: request.uri.replace(twilioHost, baseUrl) });
      // The SDK's own error says nothing of the headers.
      if (response.statusCode !== 429) return response;
      const waitMs = retryAfterMs(response.headers["retry-after"], Date.now());
      throw new TwilioError("rate_limited", 20429, "Twilio asks to slow down", undefined, waitMs);
    }
  }
  // One for all accounts: it owns the kept-alive connections. Whether to try again is decided by the job queue.
  const httpClient = new RedirectedClient({ timeout: timeoutMs, keepAlive: true, autoRetry: false });
  const onAccount = async <T>(account: TwilioAccount, work: (client: ReturnType<typeof twilio>) => Promise<T>) => {
    if (!account.accountSid.startsWith("AC") || !account.authToken) {
      throw new TwilioError("credentials", 0, "the tenant has no usable Twilio account", undefined);
    }
    try {
      return await work(twilio(account.accountSid, account.authToken, { httpClient }));
    } catch (error) {
      throw toTwilioError(error);
    }
  };
  return {
    sendSms: (account, sms) =>
      onAccount(account, async (client) => {
        const { sid, status } = await client.messages.create(sms);
        return { sid, status };
      }),
    placeCall: (account, { from, to, say }) =>
      onAccount(account, async (client) => {
        const twiml = new twilio.twiml.VoiceResponse();
        twiml.say(say);
        twiml.pause({ length: 1 });
        twiml.say(say);
        const { sid, status } = await client.calls.create({ from, to, twiml: twiml.toString() });
        return { sid, status };
      }),
    fetchStatus: (account, sid) =>
      onAccount(account, async (client) => {
        if (sid.startsWith("CA")) return { status: (await client.calls(sid).fetch()).status, errorCode: 0 };
        const { status, errorCode } = await client.messages(sid).fetch();
        return { status, errorCode: errorCode ?? 0 };
      }),
    fetchAccount: (account) =>
      onAccount(account, async (client) => {
        const { status, type } = await client.api.v2010.accounts(account.accountSid).fetch();
        return { status, type };
      }),
    findNumber: (account, number) =>
      onAccount(account, async (client) => {
        // Twilio takes the number for a pattern.
        const found = await client.incomingPhoneNumbers.list({ phoneNumber: number, limit: lookUpLimit });
        const own = found.find(({ phoneNumber }) => phoneNumber === number);
        return own && toTwilioNumber(own);
      }),
    listSent: (account, { to, since }) =>
      onAccount(account, async (client) => {
        const sent = await client.messages.list({ to, dateSentAfter: since, limit: lookUpLimit });
        return sent.map(({ sid, status, body }) => ({ sid, status, body }));
      }),
    listReceived: (account, { to, since }) =>
      onAccount(account, async (client) => {
        const texts = await client.messages.list({ to, dateSentAfter: since, pageSize });
        return texts
          .filter((text) => text.direction === "inbound" && text.to === to)
          .map(({ sid, from, body, numMedia, dateSent, dateCreated }) => {
            const sentAt = dateSent ?? dateCreated;
            return { sid, from, to, body: body ?? "", numMedia: Number(numMedia) || 0, sentAt };
          })
          .reverse();
      }),
  };
}

/** What Twilio leaves out is empty, or not able. */
function toTwilioNumber(found: IncomingPhoneNumberInstance): TwilioNumber {
  return {
    smsUrl: found.smsUrl ?? "",
    smsMethod: found.smsMethod ?? "POST",
    smsApplicationSid: found.smsApplicationSid ?? "",
    canText: found.capabilities?.sms ?? false,
    canCall: found.capabilities?.voice ?? false,
  };
}
