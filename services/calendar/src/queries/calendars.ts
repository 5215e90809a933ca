import type { Queryable } from "@bookproof/postgres";
import type { WorkingHours, WorkingTime } from "../domain/working-windows.ts";

export type CredentialKind = "service_account" | "refresh_token";

/** Who gave a credential: the tenant file, or somebody who connected the calendar at Google. */
export type CredentialSource = "file" | "oauth";

/** What opens a calendar at Google, encrypted; "" until it is connected. */
export interface StoredCredential {
  credentialKind: CredentialKind;
  credentialSealed: string;
  credentialSource: CredentialSource;
}

/** Where a calendar's events are kept. */
export type CalendarKind =
  | { kind: "builtin" }
  | ({ kind: "google"; googleCalendarId: string; accountEmail: string; connectedAt: Date | null } & StoredCredential);

/** A calendar as its tenant described it. */
export interface CalendarSettings extends WorkingTime {
  id: string;
  displayName: string;
  source: { kind: "builtin" } | ({ kind: "google"; googleCalendarId: string } & StoredCredential);
}

export interface Calendar extends CalendarSettings {
  source: CalendarKind;
  /** Set once the provider said that the grant is gone, until other credentials come. */
  disconnectedReason: string;
  /** No longer in the tenant's list: not open for bookings, its events can still be read and deleted. */
  retired: boolean;
}

interface CalendarRow {
  id: string;
  display_name: string;
  kind: "builtin" | "google";
  time_zone: string;
  working_hours: WorkingHours[];
  closed: string[];
  google_calendar_id: string;
  google_credential_kind: CredentialKind | "";
  google_credential_sealed: string;
  google_credential_source: CredentialSource;
  google_account_email: string;
  google_connected_at: Date | null;
  disconnected_reason: string;
  retired: boolean;
}

const columns = `id, display_name, kind, time_zone, working_hours, closed::text[], google_calendar_id, google_credential_kind,
  google_credential_sealed, google_credential_source, google_account_email, google_connected_at, disconnected_reason, retired`;

/** A tenant's calendars that take bookings. */
export async function selectOpenCalendars(client: Queryable, tenantId: string): Promise<Calendar[]> {
  const { rows } = await client.query<CalendarRow>(
    `SELECT ${columns} FROM calendar.calendars WHERE tenant_id = $1 AND NOT retired ORDER BY id`,
    [tenantId],
  );
  return rows.map(toCalendar);
}

/** The calendars of these ids, those that exist. */
export async function selectCalendars(client: Queryable, tenantId: string, ids: string[]): Promise<Calendar[]> {
  const { rows } = await client.query<CalendarRow>(
    `SELECT ${columns} FROM calendar.calendars WHERE tenant_id = $1 AND id = ANY ($2)`,
    [tenantId, ids],
  );
  return rows.map(toCalendar);
}

function toCalendar(row: CalendarRow): Calendar {
  return {
    id: row.id,
    displayName: row.display_name,
    timeZone: row.time_zone,
    workingHours: row.working_hours,
    closed: row.closed,
    source:
      row.kind === "google"
        ? {
            kind: "google",
            googleCalendarId: row.google_calendar_id,
            credentialKind: row.google_credential_kind || "refresh_token",
            credentialSealed: row.google_credential_sealed,
            credentialSource: row.google_credential_source,
            accountEmail: row.google_account_email,
            connectedAt: row.google_connected_at,
          }
        : { kind: "builtin" },
    disconnectedReason: row.disconnected_reason,
    retired: row.retired,
  };
}

/**
 * Creates or changes a calendar; one that is already so stays untouched. Another credential ends a disconnection; a connection made at
 * Google stays as it is, also where its credential is sealed anew.
 */
export async function upsertCalendar(client: Queryable, tenantId: string, calendar: CalendarSettings): Promise<void> {
  const { source } = calendar;
  const google = source.kind === "google" ? source : undefined;
  await client.query(
    `INSERT INTO calendar.calendars AS c (tenant_id, id, display_name, kind, time_zone, working_hours, closed,
       google_calendar_id, google_credential_kind, google_credential_sealed, google_credential_source, google_connected_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN $10 = '' THEN NULL ELSE now() END)
     ON CONFLICT (tenant_id, id) DO UPDATE SET display_name = excluded.display_name, kind = excluded.kind,
       time_zone = excluded.time_zone, working_hours = excluded.working_hours, closed = excluded.closed,
       google_calendar_id = excluded.google_calendar_id, google_credential_kind = excluded.google_credential_kind,
       google_credential_sealed = excluded.google_credential_sealed, google_credential_source = excluded.google_credential_source,
       google_account_email = CASE WHEN excluded.google_credential_source = 'oauth' THEN c.google_account_email ELSE '' END,
       google_replaced_sha256 = CASE WHEN excluded.google_credential_source = 'oauth' THEN c.google_replaced_sha256 ELSE '' END,
       google_connected_at = CASE
         WHEN excluded.google_credential_source = 'oauth' OR c.google_credential_sealed = excluded.google_credential_sealed
         THEN c.google_connected_at ELSE excluded.google_connected_at END,
       retired = false, updated_at = now(),
       disconnected_reason = CASE
         WHEN excluded.google_credential_source = 'oauth' OR c.google_credential_sealed = excluded.google_credential_sealed
         THEN c.disconnected_reason ELSE '' END
     WHERE c.retired OR (c.display_name, c.kind, c.time_zone, c.working_hours, c.closed, c.google_calendar_id,
         c.google_credential_kind, c.google_credential_sealed, c.google_credential_source)
       IS DISTINCT FROM (excluded.display_name, excluded.kind, excluded.time_zone, excluded.working_hours, excluded.closed,
         excluded.google_calendar_id, excluded.google_credential_kind, excluded.google_credential_sealed,
         excluded.google_credential_source)`,
    [
      tenantId,
      calendar.id,
      calendar.displayName,
      source.kind,
      calendar.timeZone,
      JSON.stringify(calendar.workingHours),
      calendar.closed,
      google?.googleCalendarId ?? "",
      google?.credentialKind ?? "",
      google?.credentialSealed ?? "",
      google?.credentialSource ?? "file",
    ],
  );
}

/** Retires the calendars that are not among `ids`. */
export async function retireOtherCalendars(client: Queryable, tenantId: string, ids: string[]): Promise<void> {
  await client.query(
    `UPDATE calendar.calendars SET retired = true, updated_at = now()
     WHERE tenant_id = $1 AND NOT retired AND id <> ALL ($2)`,
    [tenantId, ids],
  );
}

/** Notes that a credential no longer opens a calendar, unless another one has come since. @returns whether that is news. */
export async function markDisconnected(
  client: Queryable,
  disconnected: { tenantId: string; calendarId: string; credentialSealed: string; reason: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE calendar.calendars SET disconnected_reason = $4, updated_at = now()
     WHERE tenant_id = $1 AND id = $2 AND google_credential_sealed = $3 AND disconnected_reason = ''`,
    [disconnected.tenantId, disconnected.calendarId, disconnected.credentialSealed, disconnected.reason],
  );
  return rowCount === 1;
}
