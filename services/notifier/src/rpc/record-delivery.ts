import { withTenant } from "@bookproof/postgres";
import type { RecordDeliveryRequest, RecordDeliveryResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import { applyDelivery } from "../delivery/apply-delivery.ts";
import type { Deps } from "../deps.ts";
import { keepEarlyDelivery, lockSid } from "../queries/message-status.ts";
import { selectMessageBySid } from "../queries/messages.ts";
import { tenantId } from "./fields.ts";

const schema = z.object({
  tenantId,
  messageSid: z.string().min(1).max(64),
  messageStatus: z.string().min(1).max(32),
  errorCode: z.int(),
});

/** Applies a delivery status; one that overtook its message's sid is kept until the sid is stored. */
export const recordDelivery =
  (deps: Deps) =>
  async (request: RecordDeliveryRequest): Promise<RecordDeliveryResponse> => {
    const { tenantId: tenant, messageSid, messageStatus, errorCode } = parseRequest(schema, request);
    const delivery = { providerStatus: messageStatus, errorCode };
    const applied = await withTenant(deps.pool, tenant, async (client) => {
      await lockSid(client, messageSid);
      const message = await selectMessageBySid(client, tenant, messageSid);
      if (message) return runWithCid(message.cid, () => applyDelivery(deps, client, tenant, message, delivery));
      await keepEarlyDelivery(client, tenant, messageSid, delivery);
      return false;
    });
    return { applied };
  };
