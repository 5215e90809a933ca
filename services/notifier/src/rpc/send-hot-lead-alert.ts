import { withTenant } from "@bookproof/postgres";
import type { SendHotLeadAlertRequest, SendHotLeadAlertResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { hotLeadText } from "../domain/hot-lead-text.ts";
import { hotLeadKey } from "../domain/message-keys.ts";
import { enqueueMessage } from "../door/enqueue-message.ts";
import { cid, tenantId } from "./fields.ts";

const schema = z.object({
  tenantId,
  cid,
  callId: z.string().min(1).max(200),
  customerName: z.string(),
  // Read leniently: an alert with gaps is better than none.
  customerPhone: z.string(),
  offeringName: z.string(),
  bookedStart: z.date().optional(),
});

/** Alerts the owner's hot-lead phone, else the owner's own, once a call. */
export const sendHotLeadAlert =
  (deps: Deps) =>
  async (request: SendHotLeadAlertRequest): Promise<SendHotLeadAlertResponse> => {
    const { tenantId: tenant, cid: journey, callId, bookedStart, ...lead } = parseRequest(schema, request);
    const { owner, plainTexts, timeZone } = await deps.connections.get(tenant);
    const to = owner?.hotLeadAlertPhone || owner?.phone || deps.config.ownerPhone;
    if (!to) {
      deps.log.failure(journey, "HOT_LEAD_NOT_SENT", { callId, reason: "the tenant has no owner's phone" });
      return { created: false };
    }
    const message = {
      key: hotLeadKey(callId),
      cid: journey,
      to,
      kind: "hot_lead" as const,
      recipient: "owner" as const,
      body: hotLeadText({ ...lead, bookedStart }, { plain: plainTexts, timeZone }),
    };
    const { created } = await runWithCid(journey, () =>
      withTenant(deps.pool, tenant, (client) => enqueueMessage(client, tenant, message)),
    );
    return { created };
  };
