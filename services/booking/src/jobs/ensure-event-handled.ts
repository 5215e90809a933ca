import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { isAcknowledged } from "../queries/event-acknowledgements.ts";
import { deliverDirectly, readEvent } from "./publish-event.ts";

/**
 * P2 does not hang on Kafka: an event that the notifier has not acknowledged in time, because it was lost, is slow or its consumer is
 * stuck, is brought to it directly. The event's keys make it one alert, whatever arrives later.
 */
export async function runEnsureEventHandled(
  deps: Deps,
  { tenantId, attemptId }: { tenantId: string; attemptId: string },
): Promise<void> {
  const event = await readEvent(deps, tenantId, attemptId);
  if (!event) return;
  const { eventId } = event;
  if (await withTenant(deps.pool, tenantId, (client) => isAcknowledged(client, { tenantId, eventId }))) return;
  deps.logger.warn({ eventId }, "[EVENT_NOT_ACKNOWLEDGED] the notifier is called directly");
  await deliverDirectly(deps, event);
}
