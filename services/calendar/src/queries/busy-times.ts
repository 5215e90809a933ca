import type { Queryable } from "@bookproof/postgres";
import type { Span } from "../domain/span.ts";
import type { DueSync } from "./syncs.ts";

/** Replaces what is known of a calendar's busy times. */
export async function replaceBusyTimes(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  busy: Span[],
): Promise<void> {
  await client.query("DELETE FROM calendar.busy_times WHERE tenant_id = $1 AND calendar_id = $2", [
    tenantId,
    calendarId,
  ]);
  await client.query(
    `INSERT INTO calendar.busy_times (tenant_id, calendar_id, from_at, to_at)
     SELECT $1, $2, from_at, to_at FROM unnest($3::timestamptz[], $4::timestamptz[]) AS t(from_at, to_at)
     WHERE from_at < to_at ON CONFLICT DO NOTHING`,
    [tenantId, calendarId, busy.map(({ from }) => from), busy.map(({ to }) => to)],
  );
}

/** Adds what a write of ours made busy. */
export async function addBusyTime(client: Queryable, { tenantId, calendarId }: DueSync, busy: Span): Promise<void> {
  await client.query(
    `INSERT INTO calendar.busy_times (tenant_id, calendar_id, from_at, to_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [tenantId, calendarId, busy.from, busy.to],
  );
}

/**
 * The busy times within a range of those calendars at Google that were checked `withinMs` ago or later, by calendar id; of one that is not
 * in the answer they must be asked for. One statement: what it sees belongs together.
 */
export async function selectKnownBusy(
  client: Queryable,
  asked: { tenantId: string; calendarIds: string[]; range: Span; withinMs: number },
): Promise<Map<string, Span[]>> {
  const { tenantId, calendarIds, range, withinMs } = asked;
  const { rows } = await client.query<{ calendar_id: string; froms: number[]; tos: number[] }>({
    name: "known_busy",
    text: `SELECT s.calendar_id, busy.froms, busy.tos FROM calendar.syncs AS s
      CROSS JOIN LATERAL (
        -- Numbers: a thousand of them are read several times as fast as timestamps.
        SELECT coalesce(array_agg(round(date_part('epoch', b.from_at) * 1000)), '{}') AS froms,
          coalesce(array_agg(round(date_part('epoch', b.to_at) * 1000)), '{}') AS tos
        FROM calendar.busy_times AS b
        WHERE b.tenant_id = $1 AND b.calendar_id = s.calendar_id AND b.from_at < $4 AND b.to_at > $3
      ) AS busy
      WHERE s.tenant_id = $1 AND s.calendar_id = ANY ($2) AND s.watched AND s.busy_from <= $3 AND s.busy_to >= $4
        AND s.busy_checked_at >= clock_timestamp() - make_interval(secs => $5 / 1000.0)
        AND NOT EXISTS (SELECT FROM calendar.seen_events AS e
          WHERE e.tenant_id = $1 AND e.calendar_id = s.calendar_id AND e.writing_until > clock_timestamp())`,
    values: [tenantId, calendarIds, range.from, range.to, withinMs],
  });
  const spans = ({ froms, tos }: { froms: number[]; tos: number[] }) =>
    froms.map((from, index) => ({ from: new Date(from), to: new Date(tos[index] ?? from) }));
  return new Map(rows.map((row) => [row.calendar_id, spans(row)]));
}
