import type { Queryable } from "@bookproof/postgres";
import type { StoredCredential } from "./calendars.ts";

/** The credential of a calendar as it was before a tenant's list is applied. */
export interface LockedCredential extends StoredCredential {
  id: string;
  /** SHA-256, hex, of the file's credential that a connection at Google replaced; "" where there was none. */
  replacedSha256: string;
}

/** Locks all calendars of a tenant, in one order, and gives the sealed Google credential of each that has one. */
export async function lockCredentials(client: Queryable, tenantId: string): Promise<LockedCredential[]> {
  const { rows } = await client.query<LockedCredential | { id: string; credentialKind: "" }>(
    `SELECT id, google_credential_kind AS "credentialKind", google_credential_sealed AS "credentialSealed",
       google_credential_source AS "credentialSource", google_replaced_sha256 AS "replacedSha256"
     FROM calendar.calendars WHERE tenant_id = $1 ORDER BY id FOR UPDATE`,
    [tenantId],
  );
  return rows.filter((row) => row.credentialKind !== "");
}

/** The credential that a connection is about to replace, its calendar locked. */
export interface ReplacedCredential {
  credentialSealed: string;
  isFromFile: boolean;
}

/** Undefined when there is no such calendar at Google any more, or the tenant file names another one by now. */
export async function lockReplacedCredential(
  client: Queryable,
  calendar: { tenantId: string; calendarId: string; googleCalendarId: string },
): Promise<ReplacedCredential | undefined> {
  const { rows } = await client.query<ReplacedCredential>(
    `SELECT google_credential_sealed AS "credentialSealed", google_credential_source = 'file' AS "isFromFile"
     FROM calendar.calendars
     WHERE tenant_id = $1 AND id = $2 AND google_calendar_id = $3 AND kind = 'google' AND NOT retired FOR UPDATE`,
    [calendar.tenantId, calendar.calendarId, calendar.googleCalendarId],
  );
  return rows[0];
}

/**
 * Connects a calendar by a refresh token that somebody got at Google. That ends a disconnection, every link to the calendar and every
 * other sign-in that was begun for it.
 * @param connection.replacedSha256 of the tenant file's credential that it replaces; undefined where it replaces none of the file's
 */
export async function storeConnection(
  client: Queryable,
  connection: {
    tenantId: string;
    calendarId: string;
    credentialSealed: string;
    accountEmail: string;
    replacedSha256: string | undefined;
  },
): Promise<void> {
  const { tenantId, calendarId } = connection;
  await client.query(
    `UPDATE calendar.calendars SET google_credential_kind = 'refresh_token', google_credential_sealed = $3,
       google_credential_source = 'oauth', google_account_email = $4, google_connected_at = now(),
       google_replaced_sha256 = coalesce($5, google_replaced_sha256), disconnected_reason = '', updated_at = now()
     WHERE tenant_id = $1 AND id = $2`,
    [tenantId, calendarId, connection.credentialSealed, connection.accountEmail, connection.replacedSha256 ?? null],
  );
  await client.query("DELETE FROM calendar.connect_links WHERE tenant_id = $1 AND calendar_id = $2", [
    tenantId,
    calendarId,
  ]);
  await client.query(
    "DELETE FROM calendar.connect_attempts WHERE tenant_id = $1 AND calendar_id = $2 AND used_at IS NULL",
    [tenantId, calendarId],
  );
}
