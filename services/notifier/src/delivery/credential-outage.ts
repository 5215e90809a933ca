import { randomUUID } from "node:crypto";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import { beginOutage, endOutage } from "../queries/credential-outages.ts";
import { resolveEscalations } from "../queries/escalations.ts";

/** Twilio refuses a tenant's account or token: an alarm each time, and an escalation once an outage. */
export async function credentialsRefused(deps: Deps, tenantId: string): Promise<void> {
  deps.logger.error({ tenantId }, "[TWILIO_CREDENTIALS_FAILED] Twilio refuses the tenant's account or token");
  const cid = randomUUID();
  await withTenant(deps.pool, tenantId, async (client) => {
    if (!(await beginOutage(client, tenantId, cid))) return;
    const failure = { tenantId, cid, customerPhone: "", reason: "twilio_credentials_failed" };
    await notifyOwnerBookingFailure(deps, failure, client);
  });
}

/** Twilio takes a tenant's account: an outage ends with that, and nobody is alerted of it any more. */
export async function credentialsAccepted(deps: Deps, client: Queryable, tenantId: string): Promise<void> {
  const cid = await endOutage(client, tenantId);
  if (!cid) return;
  await resolveEscalations(client, tenantId, cid);
  deps.logger.info({ tenantId }, "[TWILIO_CREDENTIALS_RESTORED] Twilio takes the tenant's account again");
}
