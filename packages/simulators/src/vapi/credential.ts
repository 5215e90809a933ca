import { createHmac } from "node:crypto";

/** How Vapi proves to a server who it is: one of the three ways it can be set up. */
export type VapiCallerCredential = { bearer: string } | { secretHeader: string } | { hmacSecret: string };

/** The headers of one request. An HMAC is hex SHA-256 over `<timestamp>.<body>`, the timestamp in milliseconds. */
export function credentialHeaders(
  credential: VapiCallerCredential,
  body: string,
  timestamp: number,
): Record<string, string> {
  if ("bearer" in credential) return { authorization: `Bearer ${credential.bearer}` };
  if ("secretHeader" in credential) return { "x-vapi-secret": credential.secretHeader };
  const signature = createHmac("sha256", credential.hmacSecret).update(`${timestamp}.${body}`).digest("hex");
  return { "x-signature": signature, "x-timestamp": String(timestamp) };
}
