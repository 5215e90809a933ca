import { BookproofError } from "@bookproof/errors";
import type { TenantConnection } from "@bookproof/proto/booking";
import { learnJourney } from "@bookproof/telemetry";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isSignedByTwilio } from "../adapters/twilio-signature.ts";
import type { Deps } from "../deps.ts";
import { onlyPost } from "./only-post.ts";

export type Form = Record<string, unknown>;

/** A POST route for one of Twilio's forms, of at most 64 KiB; every other method is told so. */
export function formRoute(
  app: FastifyInstance,
  url: string,
  handle: (form: Form, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
): void {
  app.post<{ Body: Form | undefined }>(
    url,
    { bodyLimit: 64 * 1024, onRequest: refuseOtherContent },
    async (request, reply) => handle(request.body ?? {}, request, reply),
  );
  onlyPost(app, url);
}

async function refuseOtherContent(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const contentType = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (contentType === "application/x-www-form-urlencoded") return undefined;
  return reply.code(415).send({ error: "Send a form: application/x-www-form-urlencoded." });
}

/**
 * Which of the tenants signed this form.
 * @throws BookproofError `permission_denied` when none did: the signature is missing or wrong.
 */
export function requireSigners(
  deps: Deps,
  webhook: { request: FastifyRequest; form: Form; messageSid: string },
  tenants: TenantConnection[],
): TenantConnection[] {
  const { publicUrl } = deps.config;
  const signers = tenants.filter((tenant) => isSignedByTwilio(webhook.request, webhook.form, { tenant, publicUrl }));
  if (signers.length === 1) learnJourney({ tenantId: signers[0]?.tenantId });
  if (signers.length > 0) return signers;
  deps.logger.warn(
    { messageSid: webhook.messageSid, route: webhook.request.routeOptions.url },
    "[TWILIO_SIGNATURE_REFUSED] the signature is missing or wrong: check the tenant's auth token and PUBLIC_URL",
  );
  throw new BookproofError("permission_denied", "The X-Twilio-Signature is missing or wrong.");
}
