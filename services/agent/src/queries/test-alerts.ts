import type { Queryable } from "@bookproof/postgres";

/** Keeps that a test alert goes to this phone. The same id is the same alert. */
export async function insertTestAlert(
  client: Queryable,
  alert: { tenantId: string; id: string; phone: string },
): Promise<void> {
  await client.query(
    "INSERT INTO agent.test_alerts (tenant_id, id, phone_e164) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [alert.tenantId, alert.id, alert.phone],
  );
}

/**
 * Acknowledges what test alerts wait for this phone. A reply that is taken in late counts as of when it was sent; Twilio tells that in
 * whole seconds, so it may seem to be older than the alert.
 * @param reply.sentAt undefined means now
 * @returns the newest one's id, undefined where none waits.
 */
export async function acknowledgeTestAlerts(
  client: Queryable,
  reply: { tenantId: string; phone: string; messageSid: string; sentAt: Date | undefined },
): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string; created_at: Date }>(
    `UPDATE agent.test_alerts SET acknowledged_at = clock_timestamp(), acknowledged_by = $3
     WHERE tenant_id = $1 AND phone_e164 = $2 AND acknowledged_at IS NULL
       AND created_at BETWEEN coalesce($4, clock_timestamp()) - interval '10 minutes' AND coalesce($4, clock_timestamp()) + interval '5 seconds'
     RETURNING id, created_at`,
    [reply.tenantId, reply.phone, reply.messageSid, reply.sentAt ?? null],
  );
  return rows.sort((a, b) => b.created_at.getTime() - a.created_at.getTime())[0]?.id;
}

/** A test alert of a tenant; `acknowledgedAt` is null while it waits. */
export async function selectTestAlert(
  client: Queryable,
  tenantId: string,
  id: string,
): Promise<{ acknowledgedAt: Date | null } | undefined> {
  const { rows } = await client.query<{ acknowledgedAt: Date | null }>(
    `SELECT acknowledged_at AS "acknowledgedAt" FROM agent.test_alerts WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rows[0];
}
