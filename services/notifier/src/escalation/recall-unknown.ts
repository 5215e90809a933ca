import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { selectEscalation } from "../queries/escalations.ts";
import { type BookingFailure, notifyOwnerBookingFailure, toEscalation } from "./notify-owner-booking-failure.ts";
import { recallDirectAlerts } from "./recall-direct-alerts.ts";

/**
 * A booking was made whose owner may have heard, while nothing could be stored, that its outcome is unknown: such an alert is
 * looked for at Twilio and stored, so that it is resolved like any other.
 */
export async function recallUnknown(deps: Deps, failure: Omit<BookingFailure, "reason">): Promise<void> {
  if (!deps.directAlerts.mayBeUnknown()) return;
  const { tenantId, cid } = failure;
  const unknown = { ...failure, reason: "booking_outcome_unknown" };
  const escalation = toEscalation(unknown);
  const stored = await withTenant(deps.pool, tenantId, (client) => selectEscalation(client, tenantId, escalation.id));
  if (stored) return;
  const recall = await recallDirectAlerts(deps, await deps.connections.get(tenantId), cid);
  const direct = deps.directAlerts.sent(escalation.id) ?? recall(escalation);
  if (!direct) return;
  deps.directAlerts.remember(escalation.id, direct);
  await notifyOwnerBookingFailure(deps, unknown);
}
