import type { Queryable } from "@bookproof/postgres";

export interface EventRef {
  tenantId: string;
  eventId: string;
}

/** Notes that the notifier has handled an event, and how it got it; the first note stays. */
export async function acknowledge(
  client: Queryable,
  { tenantId, eventId, via }: EventRef & { via: "kafka" | "call" },
): Promise<void> {
  await client.query(
    `INSERT INTO booking.event_acknowledgements (tenant_id, event_id, via) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, event_id) DO NOTHING`,
    [tenantId, eventId, via],
  );
}

export async function isAcknowledged(client: Queryable, { tenantId, eventId }: EventRef): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT 1 FROM booking.event_acknowledgements WHERE tenant_id = $1 AND event_id = $2",
    [tenantId, eventId],
  );
  return rowCount === 1;
}
