import type { Queryable } from "@bookproof/postgres";

/**
 * Notes that Twilio refuses a tenant's account. @returns false when that is known. An outage that ended less than an hour ago goes
 * on: an account of which Twilio refuses some things only would else be reported with every one of them.
 */
export async function beginOutage(client: Queryable, tenantId: string, cid: string): Promise<boolean> {
  const { rows } = await client.query<{ cid: string }>(
    `INSERT INTO notifier.credential_outages AS outage (tenant_id, correlation_id) VALUES ($1, $2)
     ON CONFLICT (tenant_id) DO UPDATE SET ended_at = NULL,
       correlation_id = CASE WHEN outage.ended_at < now() - interval '1 hour' THEN EXCLUDED.correlation_id ELSE outage.correlation_id END,
       since = CASE WHEN outage.ended_at < now() - interval '1 hour' THEN now() ELSE outage.since END
     WHERE outage.ended_at IS NOT NULL
     RETURNING correlation_id AS cid`,
    [tenantId, cid],
  );
  return rows[0]?.cid === cid;
}

/** Notes that Twilio takes a tenant's account. @returns the cid of the outage that ended with it. */
export async function endOutage(client: Queryable, tenantId: string): Promise<string | undefined> {
  const { rows } = await client.query<{ cid: string }>(
    "UPDATE notifier.credential_outages SET ended_at = now() WHERE tenant_id = $1 AND ended_at IS NULL RETURNING correlation_id AS cid",
    [tenantId],
  );
  return rows[0]?.cid;
}
