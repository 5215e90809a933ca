import { withTenant } from "@bookproof/postgres";
import type { MailError } from "../adapters/mail.ts";
import type { TwilioError } from "../adapters/twilio-error.ts";
import type { Deps } from "../deps.ts";
import { phoneOf } from "../domain/phone-of.ts";
import type { DoorMessage } from "../door/choice.ts";
import { setStatus } from "../queries/message-status.ts";
import { selectMessage } from "../queries/messages.ts";
import { storeAccepted } from "./apply-delivery.ts";
import { didNotArrive, tellOwner } from "./did-not-arrive.ts";

/** The provider has it. A call may be taken by anybody or anything: the owner hears of it all the same. */
export async function accepted(deps: Deps, { tenantId, message, from }: DoorMessage, sid: string): Promise<void> {
  await withTenant(deps.pool, tenantId, async (client) => {
    await storeAccepted(deps, client, tenantId, message.id, sid);
    const { cid, to, key, kind } = message;
    const payload = { key, kind, status: "queued", sid };
    const step = { direction: "outbound" as const, stage: "OUTBOUND", payload };
    await deps.traceSmsFlow({ tenantId, cid, from, to: phoneOf(to), ...step }, client);
    if (message.channel === "voice") await tellOwner(deps, client, tenantId, message, "customer_unreachable");
  });
}

/** A refusal for good ends the message; anything else is thrown, so that the job comes back and, where nobody knows, looks first. */
export async function refused(
  deps: Deps,
  { tenantId, message, from }: DoorMessage,
  error: TwilioError | MailError,
): Promise<void> {
  const end = { errorCode: error.code, error: error.message };
  if (error.kind === "rejected") {
    await withTenant(deps.pool, tenantId, async (client) => {
      await setStatus(client, tenantId, message.id, { status: "failed", ...end });
      const stored = (await selectMessage(client, tenantId, message.id)) ?? { ...message, from };
      const { code: errorCode } = error;
      await didNotArrive(deps, client, tenantId, stored, { outcome: "rejected", errorCode, reported: false });
    });
    return;
  }
  if (error.kind !== "unknown") {
    await withTenant(deps.pool, tenantId, (client) =>
      setStatus(client, tenantId, message.id, { status: "pending", ...end }),
    );
  }
  throw error;
}
