import type { Queryable } from "@bookproof/postgres";
import type { SeenEvent } from "../domain/event-news.ts";
import type { Span } from "../domain/span.ts";
import type { DueSync } from "./syncs.ts";

/** Something that happened to a calendar without us. */
export interface StoredChange {
  seq: bigint;
  calendarId: string;
  calendarName: string;
  kind: "event" | "disconnected" | "reconnected";
  eventId: string;
  appointmentId: string;
  live: boolean;
  declined: boolean;
  span: Span | undefined;
  seenAt: Date;
}

/** Tells of events of ours that are not as they were. Connections are told of by the table of calendars itself. */
export async function insertEventChanges(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  events: SeenEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    `INSERT INTO calendar.changes (tenant_id, calendar_id, kind, event_id, appointment_id, live, declined, time_range)
     SELECT $1, $2, 'event', id, appointment_id, live, declined, CASE WHEN from_at < to_at THEN tstzrange(from_at, to_at) END
     FROM unnest($3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::timestamptz[], $8::timestamptz[])
       AS t(id, appointment_id, live, declined, from_at, to_at)`,
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

/** Takes the oldest open changes of all tenants, for `leaseMs`. */
export async function takeChanges(
  client: Queryable,
  taken: { limit: number; leaseMs: number },
): Promise<{ tenantId: string; seq: string }[]> {
  const { rows } = await client.query<{ tenant_id: string; seq: string }>(
    "SELECT tenant_id, seq FROM calendar.take_changes($1, $2)",
    [taken.limit, taken.leaseMs],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, seq: row.seq }));
}

/** Those that are still open. */
export async function selectChanges(client: Queryable, tenantId: string, seqs: string[]): Promise<StoredChange[]> {
  const { rows } = await client.query<{
    seq: string;
    calendar_id: string;
    display_name: string;
    kind: StoredChange["kind"];
    event_id: string;
    appointment_id: string;
    live: boolean;
    declined: boolean;
    from_at: Date | null;
    to_at: Date | null;
    seen_at: Date;
  }>(
    `SELECT ch.seq, ch.calendar_id, c.display_name, ch.kind, ch.event_id, ch.appointment_id, ch.live, ch.declined,
       lower(ch.time_range) AS from_at, upper(ch.time_range) AS to_at, ch.seen_at
     FROM calendar.changes AS ch JOIN calendar.calendars AS c ON c.tenant_id = ch.tenant_id AND c.id = ch.calendar_id
     WHERE ch.tenant_id = $1 AND ch.seq = ANY ($2::bigint[]) AND ch.acknowledged_at IS NULL`,
    [tenantId, seqs],
  );
  return rows.map((row) => ({
    seq: BigInt(row.seq),
    calendarId: row.calendar_id,
    calendarName: row.display_name,
    kind: row.kind,
    eventId: row.event_id,
    appointmentId: row.appointment_id,
    live: row.live,
    declined: row.declined,
    span: row.from_at && row.to_at ? { from: row.from_at, to: row.to_at } : undefined,
    seenAt: row.seen_at,
  }));
}

/** Notes that changes were acted on. */
export async function acknowledgeChanges(client: Queryable, tenantId: string, seqs: bigint[]): Promise<void> {
  await client.query(
    `UPDATE calendar.changes SET acknowledged_at = clock_timestamp()
     WHERE tenant_id = $1 AND seq = ANY ($2::bigint[]) AND acknowledged_at IS NULL`,
    [tenantId, seqs.map(String)],
  );
}

/** Forgets up to `limit` acknowledged changes of all tenants, and events that are over, that are older than `before`. @returns how many. */
export async function forgetOld(client: Queryable, before: Date, limit: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>("SELECT calendar.forget_old($1, $2) AS count", [
    before,
    limit,
  ]);
  return rows[0]?.count ?? 0;
}
