import { withTenant } from "@bookproof/postgres";
import type { SendOneTimeCodeRequest, SendOneTimeCodeResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { hasFailed } from "../domain/delivery-status.ts";
import { oneTimeCodeText } from "../domain/one-time-code-text.ts";
import { awaitAcceptance } from "../door/await-acceptance.ts";
import { enqueueMessage } from "../door/enqueue-message.ts";
import { cid, e164, email, maybe, tenantId } from "./fields.ts";

const schema = z
  .object({
    tenantId,
    cid,
    key: z.string().min(1).max(200),
    phone: maybe(e164),
    email: maybe(email),
    code: z.string().regex(/^\d{4}$/, "must be four digits"),
    businessPhone: maybe(e164),
  })
  .refine(({ phone, email }) => phone || email, { error: "or email must be given", path: ["phone"] });

/** Sends a code by SMS, or by e-mail where no phone is given, and answers with whether the provider took it. */
export const sendOneTimeCode =
  (deps: Deps) =>
  async (request: SendOneTimeCodeRequest): Promise<SendOneTimeCodeResponse> => {
    const { tenantId: tenant, cid: journey, phone, email, key, code, businessPhone } = parseRequest(schema, request);
    if (!phone && !deps.mailer) return { accepted: false };
    const { name } = await deps.connections.get(tenant);
    const body = oneTimeCodeText(name, code);
    const message = { key, cid: journey, to: phone || email, from: businessPhone, kind: "otp" as const, body };
    return runWithCid(journey, async () => {
      const { id } = await withTenant(deps.pool, tenant, (client) => enqueueMessage(client, tenant, message));
      const { status, providerSid } = await awaitAcceptance(deps, tenant, id);
      return { accepted: providerSid !== null && !hasFailed(status) };
    });
  };
