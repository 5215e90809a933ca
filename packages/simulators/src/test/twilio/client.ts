import twilio from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";

export const ACCOUNT = { sid: `AC${"1".repeat(32)}`, authToken: "token-one", phoneNumbers: ["+15550100001"] };
export const OTHER = { sid: `AC${"2".repeat(32)}`, authToken: "token-two", phoneNumbers: ["+15550100002"] };
export const OURS = "+15550100001";
export const CUSTOMER = "+15550100777";

/** The real client; only the host of its requests is another. */
export function twilioClient(baseUrl: string, account: { sid: string; authToken: string }, timeout = 5_000) {
  class Redirected extends twilio.RequestClient {
    override request<TData>(options: RequestClient.RequestOptions<TData>) {
      return super.request<TData>({ ...options, uri: options.uri.replace("https://api.twilio.com", baseUrl) });
    }
  }
  return twilio(account.sid, account.authToken, { httpClient: new Redirected({ timeout }) });
}
