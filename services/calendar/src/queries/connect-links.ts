import type { Queryable } from "@bookproof/postgres";

/** Whose link has this hash, whether or not it still opens; needs no tenant. */
export async function tenantOfConnectLink(client: Queryable, tokenSha256: string): Promise<string | undefined> {
  const { rows } = await client.query<{ tenantId: string | null }>(
    `SELECT calendar.tenant_of_connect_link($1) AS "tenantId"`,
    [tokenSha256],
  );
  return rows[0]?.tenantId ?? undefined;
}

/** Stores a link by its hash, and forgets the tenant's that ran out. @returns until when it opens */
export async function insertConnectLink(
  client: Queryable,
  link: { tenantId: string; calendarId: string; tokenSha256: string; lifetimeSeconds: number },
): Promise<Date> {
  await client.query("DELETE FROM calendar.connect_links WHERE tenant_id = $1 AND expires_at < now()", [link.tenantId]);
  const { rows } = await client.query<{ expiresAt: Date }>(
    `INSERT INTO calendar.connect_links (tenant_id, calendar_id, token_sha256, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING expires_at AS "expiresAt"`,
    [link.tenantId, link.calendarId, link.tokenSha256, link.lifetimeSeconds],
  );
  const [row] = rows;
  if (!row) throw new Error("an insert returned no row");
  return row.expiresAt;
}

/** The calendar that a link connects; undefined once it ran out. */
export async function selectLinkedCalendar(
  client: Queryable,
  tenantId: string,
  tokenSha256: string,
): Promise<string | undefined> {
  const { rows } = await client.query<{ calendarId: string }>(
    `SELECT calendar_id AS "calendarId" FROM calendar.connect_links
     WHERE tenant_id = $1 AND token_sha256 = $2 AND expires_at > now()`,
    [tenantId, tokenSha256],
  );
  return rows[0]?.calendarId;
}
