import type { Queryable } from "@bookproof/postgres";
import type { Span } from "../domain/span.ts";

/** A time of a built-in calendar that takes no bookings. */
export interface BlockedTime extends Span {
  id: string;
  calendarId: string;
  reason: string;
}

/** An event that stands for an appointment. */
export interface Appointment extends Span {
  appointmentId: string;
  summary: string;
}

/**
 * Locks a calendar against events that are being inserted, which hold its row by their foreign key: whoever comes second sees what the
 * first has written.
 * @returns undefined for an unknown or retired one
 */
export async function lockOpenCalendar(
  client: Queryable,
  tenantId: string,
  id: string,
): Promise<"builtin" | "google" | undefined> {
  const { rows } = await client.query<{ kind: "builtin" | "google" }>(
    "SELECT kind FROM calendar.calendars WHERE tenant_id = $1 AND id = $2 AND NOT retired FOR UPDATE",
    [tenantId, id],
  );
  return rows[0]?.kind;
}

/** Holds a calendar's row as an event's foreign key does: nobody blocks a time of it until this transaction ends. */
export async function holdCalendar(client: Queryable, tenantId: string, id: string): Promise<void> {
  await client.query("SELECT FROM calendar.calendars WHERE tenant_id = $1 AND id = $2 FOR KEY SHARE", [tenantId, id]);
}

/** Stores a blocked time; one of the same id is that one. */
export async function insertBlockedTime(client: Queryable, tenantId: string, blocked: BlockedTime): Promise<void> {
  await client.query(
    `INSERT INTO calendar.blocked_times (tenant_id, id, calendar_id, time_range, reason)
     VALUES ($1, $2, $3, tstzrange($4, $5), $6) ON CONFLICT (tenant_id, id) DO NOTHING`,
    [tenantId, blocked.id, blocked.calendarId, blocked.from, blocked.to, blocked.reason],
  );
}

/** The appointments of a built-in calendar that touch a range, ascending. */
export async function selectAppointments(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  range: Span,
): Promise<Appointment[]> {
  const { rows } = await client.query<Appointment>(
    `SELECT appointment_id AS "appointmentId", lower(time_range) AS "from", upper(time_range) AS "to", summary
     FROM calendar.events
     WHERE tenant_id = $1 AND calendar_id = $2 AND live AND appointment_id <> '' AND time_range && tstzrange($3, $4)
     ORDER BY lower(time_range)`,
    [tenantId, calendarId, range.from, range.to],
  );
  return rows;
}

/** Whether any part of a range is blocked. */
export async function selectIsBlocked(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  range: Span,
): Promise<boolean> {
  const { rows } = await client.query<{ blocked: boolean }>(
    `SELECT EXISTS (SELECT FROM calendar.blocked_times
       WHERE tenant_id = $1 AND calendar_id = $2 AND time_range && tstzrange($3, $4)) AS blocked`,
    [tenantId, calendarId, range.from, range.to],
  );
  return rows[0]?.blocked === true;
}

/** Blocked times that end after `endsAfter`, by id. */
export async function selectBlockedTimes(
  client: Queryable,
  tenantId: string,
  wanted: { calendarId: string; endsAfter: Date; afterId: string; limit: number },
): Promise<BlockedTime[]> {
  const { rows } = await client.query<BlockedTime>(
    `SELECT id, calendar_id AS "calendarId", lower(time_range) AS "from", upper(time_range) AS "to", reason
     FROM calendar.blocked_times
     WHERE tenant_id = $1 AND ($2 = '' OR calendar_id = $2) AND upper(time_range) > $3
       AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
    [tenantId, wanted.calendarId, wanted.endsAfter, wanted.afterId || null, wanted.limit],
  );
  return rows;
}

/** Deletes a blocked time. @returns whether there was one. */
export async function deleteBlockedTime(client: Queryable, tenantId: string, id: string): Promise<boolean> {
  const { rowCount } = await client.query("DELETE FROM calendar.blocked_times WHERE tenant_id = $1 AND id = $2", [
    tenantId,
    id,
  ]);
  return rowCount === 1;
}
