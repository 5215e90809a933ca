import type { Queryable } from "@bookproof/postgres";

export interface TokenRow {
  role: "tenant_admin" | "platform_owner";
  tenantId: string | null;
}

/** Whose token has this hash (SHA-256, hex); undefined for an unknown or revoked one. */
export async function selectTokenByHash(client: Queryable, sha256: string): Promise<TokenRow | undefined> {
  const { rows } = await client.query<TokenRow>(
    `SELECT role, tenant_id AS "tenantId" FROM gateway.authenticate_token($1)`,
    [sha256],
  );
  return rows[0];
}

/** Stores a token by its hash (SHA-256, hex). */
export async function insertToken(client: Queryable, sha256: string, token: TokenRow): Promise<void> {
  await client.query("SELECT gateway.create_token($1, $2, $3)", [sha256, token.role, token.tenantId]);
}

/** Whether Postgres answers at all. */
export async function selectOne(client: Queryable): Promise<void> {
  await client.query("SELECT 1");
}
