import type { Queryable } from "@bookproof/postgres";

/** How far a tenant's inbound texts were swept; times of the database. */
export interface InboundSweep {
  /** Undefined before the first completed sweep. */
  sweptAt: Date | undefined;
  failures: number;
  /** Whether it may be swept now. */
  isDue: boolean;
  now: Date;
}

export async function selectSweep(client: Queryable, tenantId: string): Promise<InboundSweep> {
  const { rows } = await client.query<{ swept_at: Date | null; failures: number; is_due: boolean; now: Date }>(
    `SELECT sweep.swept_at, coalesce(sweep.failures, 0) AS failures, coalesce(sweep.not_before <= clock_timestamp(), true) AS is_due,
       clock_timestamp() AS now
     FROM (SELECT 1) AS one LEFT JOIN notifier.inbound_sweeps AS sweep ON sweep.tenant_id = $1`,
    [tenantId],
  );
  const [row] = rows;
  if (!row) throw new Error("a row that is always there is not");
  return { sweptAt: row.swept_at ?? undefined, failures: row.failures, isDue: row.is_due, now: row.now };
}

/** A sweep that was completed: everything that arrived before `sweptAt` is taken in. */
export async function completeSweep(client: Queryable, tenantId: string, sweptAt: Date): Promise<void> {
  await client.query(
    `INSERT INTO notifier.inbound_sweeps (tenant_id, swept_at) VALUES ($1, $2)
     ON CONFLICT (tenant_id) DO UPDATE SET swept_at = greatest(inbound_sweeps.swept_at, EXCLUDED.swept_at), failures = 0, not_before = now()`,
    [tenantId, sweptAt],
  );
}

/** A sweep that was not: the next one begins where this one did, after a while. */
export async function failSweep(client: Queryable, tenantId: string, againInMs: number): Promise<void> {
  await client.query(
    `INSERT INTO notifier.inbound_sweeps (tenant_id, failures, not_before)
     VALUES ($1, 1, clock_timestamp() + make_interval(secs => $2 / 1000.0))
     ON CONFLICT (tenant_id) DO UPDATE SET failures = inbound_sweeps.failures + 1, not_before = EXCLUDED.not_before`,
    [tenantId, againInMs],
  );
}
