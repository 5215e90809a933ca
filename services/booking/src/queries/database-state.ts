import type { Queryable } from "@bookproof/postgres";

/** The names of the migrations that the database has. */
export async function selectMigrations(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>("SELECT name FROM public.bookproof_migrations");
  return rows.map(({ name }) => name);
}

/** Writes the tenant's row without changing what it says. @returns the time it was written */
export async function touchTenant(client: Queryable, tenantId: string): Promise<Date | undefined> {
  const { rows } = await client.query<{ at: Date }>(
    // In milliseconds, so that it is read back as it was written.
    "UPDATE booking.tenants SET updated_at = date_trunc('milliseconds', clock_timestamp()) WHERE tenant_id = $1 RETURNING updated_at AS at",
    [tenantId],
  );
  return rows[0]?.at;
}

/** When the tenant's row was written last. */
export async function selectTenantWritten(client: Queryable, tenantId: string): Promise<Date | undefined> {
  const { rows } = await client.query<{ at: Date }>(
    "SELECT updated_at AS at FROM booking.tenants WHERE tenant_id = $1",
    [tenantId],
  );
  return rows[0]?.at;
}
