import type { Queryable } from "@bookproof/postgres";
import type { SeenEvent } from "../domain/event-news.ts";
import type { DueSync } from "./syncs.ts";

interface SeenRow {
  event_id: string;
  appointment_id: string;
  live: boolean;
  declined: boolean;
  from_at: Date | null;
  to_at: Date | null;
}

/**
 * What was last known of a calendar's events of ours.
 * @param which.liveAfter also all that are live and end after this moment
 */
export async function selectSeenEvents(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  which: { ids: string[]; liveAfter: Date | undefined },
): Promise<SeenEvent[]> {
  const { rows } = await client.query<SeenRow>(
    `SELECT event_id, appointment_id, live, declined, lower(time_range) AS from_at, upper(time_range) AS to_at
     FROM calendar.seen_events WHERE tenant_id = $1 AND calendar_id = $2
       AND (event_id = ANY ($3) OR ($4::timestamptz IS NOT NULL AND live AND upper(time_range) > $4))`,
    [tenantId, calendarId, which.ids, which.liveAfter],
  );
  return rows.map((row) => ({
    id: row.event_id,
    appointmentId: row.appointment_id,
    live: row.live,
    declined: row.declined,
    span: row.from_at && row.to_at ? { from: row.from_at, to: row.to_at } : undefined,
  }));
}

/** Stores what is known of events of ours now; no write of them is under way any more. */
export async function storeSeenEvents(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  events: SeenEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    `INSERT INTO calendar.seen_events (tenant_id, calendar_id, event_id, appointment_id, live, declined, time_range)
     SELECT $1, $2, id, appointment_id, live, declined, CASE WHEN from_at < to_at THEN tstzrange(from_at, to_at) END
     FROM unnest($3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::timestamptz[], $8::timestamptz[])
       AS t(id, appointment_id, live, declined, from_at, to_at)
     ON CONFLICT (tenant_id, calendar_id, event_id) DO UPDATE SET live = excluded.live, declined = excluded.declined,
       appointment_id = CASE WHEN excluded.appointment_id = '' THEN seen_events.appointment_id ELSE excluded.appointment_id END,
       time_range = coalesce(excluded.time_range, seen_events.time_range), writing_until = NULL, seen_at = clock_timestamp()`,
    [
      tenantId,
      calendarId,
      events.map(({ id }) => id),
      events.map(({ appointmentId }) => appointmentId),
      events.map(({ live }) => live),
      events.map(({ declined }) => declined),
      events.map(({ span }) => span?.from ?? null),
      events.map(({ span }) => span?.to ?? null),
    ],
  );
}

/** Notes that a write of ours is under way, for `forMs`. An event that is not known is not there yet. */
export async function beginWrite(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  write: { eventId: string; appointmentId: string; forMs: number },
): Promise<void> {
  await client.query(
    `INSERT INTO calendar.seen_events (tenant_id, calendar_id, event_id, appointment_id, writing_until)
     VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5 / 1000.0))
     ON CONFLICT (tenant_id, calendar_id, event_id) DO UPDATE SET writing_until = excluded.writing_until`,
    [tenantId, calendarId, write.eventId, write.appointmentId, write.forMs],
  );
}

/** Notes that a write of ours has surely changed nothing. */
export async function endWrite(client: Queryable, { tenantId, calendarId }: DueSync, eventId: string): Promise<void> {
  await client.query(
    "UPDATE calendar.seen_events SET writing_until = NULL WHERE tenant_id = $1 AND calendar_id = $2 AND event_id = $3",
    [tenantId, calendarId, eventId],
  );
}
