import type { Queryable } from "@bookproof/postgres";
import type { BusySpan, MovedEvent, NewEvent, StoredEvent } from "../domain/calendar-provider.ts";
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

interface EventRow {
  id: string;
  appointment_id: string;
  from_at: Date;
  to_at: Date;
  live: boolean;
  summary: string;
}

const eventColumns = "id, appointment_id, lower(time_range) AS from_at, upper(time_range) AS to_at, live, summary";

const toStoredEvent = (row: EventRow): StoredEvent => ({
  id: row.id,
  appointmentId: row.appointment_id,
  span: { from: row.from_at, to: row.to_at },
  live: row.live,
  // Nobody is invited to an event of a built-in calendar.
  declined: false,
  summary: row.summary,
});

/** Gives an appointment's live event another time. @returns undefined where there is no such event. */
export async function moveEventRow(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  event: MovedEvent,
): Promise<StoredEvent | undefined> {
  const { rows } = await client.query<EventRow>(
    `UPDATE calendar.events SET time_range = tstzrange($5, $6), updated_at = now()
     WHERE tenant_id = $1 AND calendar_id = $2 AND id = $3 AND appointment_id = $4 AND live RETURNING ${eventColumns}`,
    [tenantId, calendarId, event.id, event.appointmentId, event.from, event.to],
  );
  return rows[0] && toStoredEvent(rows[0]);
}

/** One event of a built-in calendar, deleted ones included. */
export async function selectEvent(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  id: string,
): Promise<StoredEvent | undefined> {
  const { rows } = await client.query<EventRow>(
    `SELECT ${eventColumns} FROM calendar.events
     WHERE tenant_id = $1 AND calendar_id = $2 AND id = $3`,
    [tenantId, calendarId, id],
  );
  return rows[0] && toStoredEvent(rows[0]);
}

/** An appointment's live events of a built-in calendar within a range. */
export async function selectOwnEvents(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  range: Span,
): Promise<StoredEvent[]> {
  const { rows } = await client.query<EventRow>(
    `SELECT ${eventColumns} FROM calendar.events
     WHERE tenant_id = $1 AND calendar_id = $2 AND live AND appointment_id <> '' AND time_range && tstzrange($3, $4)
     ORDER BY lower(time_range)`,
    [tenantId, calendarId, range.from, range.to],
  );
  return rows.map(toStoredEvent);
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
