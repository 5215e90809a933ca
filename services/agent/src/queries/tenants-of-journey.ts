import type { Queryable } from "@bookproof/postgres";

/** The tenants that have a conversation or trace of this cid: ids only, for a platform owner. */
export async function tenantsOfCid(client: Queryable, cid: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "SELECT t::text AS id FROM agent.tenant_of_cid($1) AS t UNION SELECT t FROM trace.tenants_of_cid($1) AS t",
    [cid],
  );
  return rows.map((row) => row.id);
}

/** The tenants that have a conversation or trace of this phone number: ids only, for a platform owner. */
export async function tenantsOfPhone(client: Queryable, phone: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "SELECT t::text AS id FROM agent.tenants_of_phone($1) AS t UNION SELECT t FROM trace.tenants_of_phone($1) AS t",
    [phone],
  );
  return rows.map((row) => row.id);
}
