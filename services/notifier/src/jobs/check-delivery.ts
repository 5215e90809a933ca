import { withTenant } from "@bookproof/postgres";
import type { z } from "zod";
import { TwilioError } from "../adapters/twilio-error.ts";
import { applyDelivery } from "../delivery/apply-delivery.ts";
import type { Deps } from "../deps.ts";
import { confirmationLogStatus, isUnderWay } from "../domain/delivery-status.ts";
import { accountOf } from "../escalation/channels.ts";
import { updateConfirmationLog } from "../queries/confirmation-logs.ts";
import { lockSid, setStatus } from "../queries/message-status.ts";
import { selectMessage, selectMessageBySid } from "../queries/messages.ts";
import type { checkDelivery } from "./definitions.ts";

type CheckJob = z.output<typeof checkDelivery.payload>;

/** Asks Twilio for the end of a message that no callback reported. One that has none there either is listed as unknown. */
export async function runCheckDelivery(deps: Deps, { tenantId, messageId }: CheckJob): Promise<void> {
  const message = await withTenant(deps.pool, tenantId, (client) => selectMessage(client, tenantId, messageId));
  if (!message?.providerSid || !isUnderWay(message.status)) return;
  const { providerSid: sid } = message;
  const report = await askTwilio(deps, tenantId, sid);
  await withTenant(deps.pool, tenantId, async (client) => {
    await lockSid(client, sid);
    const before = await selectMessageBySid(client, tenantId, sid);
    if (before && report) {
      const { status: providerStatus, errorCode } = report;
      await applyDelivery(deps, client, tenantId, before, { providerStatus, errorCode });
    }
  });
  await endUnknown(deps, { tenantId, messageId });
}

/** Lists a message as unknown unless its end is known. */
export async function endUnknown(deps: Deps, { tenantId, messageId }: CheckJob): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    const message = await selectMessage(client, tenantId, messageId);
    if (!message?.providerSid || !isUnderWay(message.status)) return;
    const { cid, key, to, kind, providerSid, providerStatus } = message;
    const error = "no delivery report";
    await setStatus(client, tenantId, messageId, { status: "unknown", error });
    if (kind === "confirmation") {
      const status = confirmationLogStatus(providerStatus);
      await updateConfirmationLog(client, tenantId, providerSid, { status, errorCode: 0, error });
    }
    deps.log.failure(cid, "DELIVERY_UNKNOWN", { key, to });
  });
}

/** Undefined where Twilio knows no such message. @throws TwilioError when it cannot be asked. */
async function askTwilio(deps: Deps, tenantId: string, sid: string) {
  const account = accountOf(await deps.connections.get(tenantId));
  try {
    return await deps.twilio.fetchStatus(account, sid);
  } catch (error) {
    if (error instanceof TwilioError && error.kind === "rejected") return undefined;
    throw error;
  }
}
