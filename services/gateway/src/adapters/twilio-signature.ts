import type { TenantConnection } from "@bookproof/proto/booking";
import type { FastifyRequest } from "fastify";
// The part alone: the whole package takes 0.17 s to load, and a gateway that died must be back within a second.
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";

/**
 * Whether Twilio signed this form with the tenant's auth token (https://www.twilio.com/docs/usage/security):
 * over PUBLIC_URL and the request's own path and query, never the Host header.
 */
export function isSignedByTwilio(
  request: FastifyRequest,
  form: Record<string, unknown>,
  signer: { tenant: TenantConnection; publicUrl: string },
): boolean {
  const authToken = signer.tenant.twilio?.authToken;
  const signature = request.headers["x-twilio-signature"];
  // A tenant without a token has no secret that a signature could prove.
  if (!authToken || typeof signature !== "string") return false;
  return validateRequest(authToken, signature, `${signer.publicUrl}${request.raw.url}`, form);
}
