import twilio from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";
import { TwilioError, toTwilioError } from "./twilio-error.ts";

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
  /** Texts to `to` sent since then (whole seconds), newest first: how a send that ended unknown is found again. */
  listSent(account: TwilioAccount, query: { to: string; since: Date }): Promise<(Accepted & { body: string })[]>;
}

/** No send waits for more texts than this to one number; a look-up covers seconds. */
const lookUpLimit = 200;

const twilioHost = "https://api.twilio.com";

/** @param options.baseUrl takes the place of https://api.twilio.com. */
export function createTwilio(options: { baseUrl: string; timeoutMs: number }): Twilio {
  const { baseUrl, timeoutMs } = options;
  class RedirectedClient extends twilio.RequestClient {
    override request<TData>(request: RequestClient.RequestOptions<TData>) {
      return super.request<TData>({ ...request, uri: request.uri.replace(twilioHost, baseUrl) });
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
    listSent: (account, { to, since }) =>
      onAccount(account, async (client) => {
        const sent = await client.messages.list({ to, dateSentAfter: since, limit: lookUpLimit });
        return sent.map(({ sid, status, body }) => ({ sid, status, body }));
      }),
  };
}
