import type { Queryable } from "@bookproof/postgres";
import type { BusySpan, NewEvent, StoredEvent } from "../domain/calendar-provider.ts";
import type { Span } from "../domain/span.ts";

/** What live events and blocked times occupy of a built-in calendar within a range. */
export async function selectBusy(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  range: Span,
): Promise<BusySpan[]> {
  const { rows } = await client.query<{ id: string; from_at: Date; to_at: Date }>(
    `SELECT id, lower(time_range) AS from_at, upper(time_range) AS to_at FROM calendar.events
     WHERE tenant_id = $1 AND calendar_id = $2 AND live AND time_range && tstzrange($3, $4)
     UNION ALL
     SELECT '', lower(time_range), upper(time_range) FROM calendar.blocked_times
     WHERE tenant_id = $1 AND calendar_id = $2 AND time_range && tstzrange($3, $4)
     ORDER BY from_at`,
    [tenantId, calendarId, range.from, range.to],
  );
  return rows.map((row) => ({ from: row.from_at, to: row.to_at, eventId: row.id }));
}

/** Inserts an event unless its id is taken. @returns whether it was inserted. */
export async function insertEventRow(client: Queryable, calendarId: string, event: NewEvent): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO calendar.events (tenant_id, calendar_id, id, appointment_id, time_range, summary, description, location)
     VALUES ($1, $2, $3, $4, tstzrange($5, $6), $7, $8, $9) ON CONFLICT (tenant_id, calendar_id, id) DO NOTHING`,
    [
      event.tenantId,
      calendarId,
      event.id,
      event.appointmentId,
      event.from,
      event.to,
      event.summary,
      event.description,
      event.location,
    ],
  );
  return rowCount === 1;
}

/** One event of a built-in calendar, deleted ones included. */
export async function selectEvent(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  id: string,
): Promise<StoredEvent | undefined> {
  const { rows } = await client.query<{ appointment_id: string; from_at: Date; to_at: Date; live: boolean }>(
    `SELECT appointment_id, lower(time_range) AS from_at, upper(time_range) AS to_at, live FROM calendar.events
     WHERE tenant_id = $1 AND calendar_id = $2 AND id = $3`,
    [tenantId, calendarId, id],
  );
  const row = rows[0];
  if (!row) return undefined;
  return { id, appointmentId: row.appointment_id, span: { from: row.from_at, to: row.to_at }, live: row.live };
}

/** Deletes an event, which keeps its id taken. */
export async function deleteEventRow(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  id: string,
): Promise<void> {
  await client.query(
    `UPDATE calendar.events SET live = false, updated_at = now()
     WHERE tenant_id = $1 AND calendar_id = $2 AND id = $3 AND live`,
    [tenantId, calendarId, id],
  );
}
