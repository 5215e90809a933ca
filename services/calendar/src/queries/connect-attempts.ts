import type { Queryable } from "@bookproof/postgres";

/** A sign-in at Google that was begun. */
export interface ConnectAttempt {
  calendarId: string;
  browserSha256: string;
  codeVerifierSealed: string;
  redirectUri: string;
  used: boolean;
  expired: boolean;
}

/** Whose attempt has this hash; needs no tenant. */
export async function tenantOfConnectAttempt(client: Queryable, stateSha256: string): Promise<string | undefined> {
  const { rows } = await client.query<{ tenantId: string | null }>(
    `SELECT calendar.tenant_of_connect_attempt($1) AS "tenantId"`,
    [stateSha256],
  );
  return rows[0]?.tenantId ?? undefined;
}

/** Stores an attempt, and forgets the tenant's of which nobody will ask any more. */
export async function insertConnectAttempt(
  client: Queryable,
  attempt: Omit<ConnectAttempt, "used" | "expired"> & {
    tenantId: string;
    stateSha256: string;
    lifetimeSeconds: number;
  },
): Promise<void> {
  await client.query(
    "DELETE FROM calendar.connect_attempts WHERE tenant_id = $1 AND expires_at < now() - interval '1 day'",
    [attempt.tenantId],
  );
  await client.query(
    `INSERT INTO calendar.connect_attempts (tenant_id, calendar_id, state_sha256, browser_sha256, code_verifier_sealed, redirect_uri, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
    [
      attempt.tenantId,
      attempt.calendarId,
      attempt.stateSha256,
      attempt.browserSha256,
      attempt.codeVerifierSealed,
      attempt.redirectUri,
      attempt.lifetimeSeconds,
    ],
  );
}

/** An attempt, locked until the transaction ends: of two that end it at once, the second sees it used. */
export async function lockConnectAttempt(
  client: Queryable,
  tenantId: string,
  stateSha256: string,
): Promise<ConnectAttempt | undefined> {
  const { rows } = await client.query<ConnectAttempt>(
    `SELECT calendar_id AS "calendarId", browser_sha256 AS "browserSha256", code_verifier_sealed AS "codeVerifierSealed",
       redirect_uri AS "redirectUri", used_at IS NOT NULL AS used, expires_at <= now() AS expired
     FROM calendar.connect_attempts WHERE tenant_id = $1 AND state_sha256 = $2 FOR UPDATE`,
    [tenantId, stateSha256],
  );
  return rows[0];
}

/** Ends an attempt: its verifier is gone, and it stays known for a while, to say so to whoever comes again. */
export async function endConnectAttempt(client: Queryable, tenantId: string, stateSha256: string): Promise<void> {
  await client.query(
    `UPDATE calendar.connect_attempts SET used_at = now(), code_verifier_sealed = ''
     WHERE tenant_id = $1 AND state_sha256 = $2`,
    [tenantId, stateSha256],
  );
}
