import { deterministicUuid, withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { ReceivedText } from "../adapters/twilio.ts";
import type { Deps } from "../deps.ts";
import {
  type BookingFailure,
  notifyOwnerBookingFailure,
  toEscalation,
} from "../escalation/notify-owner-booking-failure.ts";
import { recallDirectAlerts } from "../escalation/recall-direct-alerts.ts";
import { selectEscalation } from "../queries/escalations.ts";

/** The gateway's alert of a text that it could not hand over to the agent: the same fields make the same escalation. */
function failureOf(tenantId: string, text: ReceivedText): BookingFailure {
  const cid = deterministicUuid("sms_not_taken_in", tenantId, text.sid);
  return { tenantId, cid, customerPhone: text.from, businessPhone: text.to, reason: "turn_failed" };
}

/**
 * Tells which texts the gateway answered in the agent's absence: their owner was alerted, with or without a database. The
 * escalation of one that was is stored by then. @returns a function to the escalation's id, undefined for any other text.
 */
export async function degradedTexts(
  deps: Deps,
  connection: TenantConnection,
): Promise<(text: ReceivedText) => Promise<string | undefined>> {
  const { tenantId } = connection;
  const recall = await recallDirectAlerts(deps, connection, tenantId);
  return async (text) => {
    const failure = failureOf(tenantId, text);
    const escalation = toEscalation(failure);
    const { id } = escalation;
    if (await withTenant(deps.pool, tenantId, (client) => selectEscalation(client, tenantId, id))) return id;
    const direct = (await deps.directAlerts.find(id)) ?? recall(escalation);
    if (!direct) return undefined;
    deps.directAlerts.remember(id, direct);
    await notifyOwnerBookingFailure(deps, failure);
    return id;
  };
}
