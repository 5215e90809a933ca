import type { Queryable } from "@bookproof/postgres";
import type { Span } from "../domain/span.ts";

/** A calendar whose turn it is. */
export interface DueSync {
  tenantId: string;
  calendarId: string;
}

/** A calendar that this process asks about now. */
export interface ClaimedSync {
  /** Of this claim: whatever happens to the calendar here changes it. */
  version: string;
  token: string | undefined;
  /** The database's time before anything was asked. */
  askedAt: Date;
  /** Until when its busy times are known; undefined where they are not. */
  busyTo: Date | undefined;
  /** Whether all its events were listed before. */
  wasListed: boolean;
  failures: number;
}

const addressed = "tenant_id = $1 AND calendar_id = $2";
const beingWritten = `EXISTS (SELECT FROM calendar.seen_events AS e
  WHERE e.tenant_id = $1 AND e.calendar_id = $2 AND e.writing_until > clock_timestamp())`;
const inMs = (parameter: string) => `clock_timestamp() + make_interval(secs => ${parameter} / 1000.0)`;

/** Of all tenants, those that have waited longest first. */
export async function selectDueSyncs(client: Queryable, limit: number): Promise<DueSync[]> {
  const { rows } = await client.query<{ tenant_id: string; calendar_id: string }>({
    name: "due_syncs",
    text: "SELECT tenant_id, calendar_id FROM calendar.due_syncs($1)",
    values: [limit],
  });
  return rows.map((row) => ({ tenantId: row.tenant_id, calendarId: row.calendar_id }));
}

/** In seconds; undefined where no calendar is watched. */
export async function selectOldestSyncSeconds(client: Queryable): Promise<number | undefined> {
  const { rows } = await client.query<{ age: number | null }>("SELECT calendar.oldest_sync_seconds() AS age");
  return rows[0]?.age ?? undefined;
}

/** Takes a calendar's turn, for `leaseMs`; undefined where it is not due any more, or a write of ours is under way. */
export async function claimSync(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  leaseMs: number,
): Promise<ClaimedSync | undefined> {
  const { rows } = await client.query<{
    version: string;
    sync_token: string | null;
    asked_at: Date;
    busy_to: Date | null;
    was_listed: boolean;
    failures: number;
  }>(
    `UPDATE calendar.syncs SET leased_until = ${inMs("$3")}, version = version + 1
     WHERE (tenant_id, calendar_id) = (
       SELECT due.tenant_id, due.calendar_id FROM calendar.syncs AS due
       WHERE due.tenant_id = $1 AND due.calendar_id = $2 AND due.watched AND due.due_at <= clock_timestamp()
         AND (due.leased_until IS NULL OR due.leased_until <= clock_timestamp()) AND NOT ${beingWritten}
       FOR UPDATE SKIP LOCKED)
     RETURNING version, sync_token, clock_timestamp() AS asked_at, listed_at IS NOT NULL AS was_listed, failures,
       CASE WHEN busy_checked_at IS NOT NULL THEN busy_to END AS busy_to`,
    [tenantId, calendarId, leaseMs],
  );
  const row = rows[0];
  return (
    row && {
      version: row.version,
      token: row.sync_token ?? undefined,
      askedAt: row.asked_at,
      busyTo: row.busy_to ?? undefined,
      wasListed: row.was_listed,
      failures: row.failures,
    }
  );
}

/**
 * Ends a turn that succeeded, first in its transaction: the row stays locked against writes of ours until the rest is stored.
 * @param done.busySpan the span whose busy times were asked for, undefined where they have not changed
 * @returns false where a write of ours came in between, and nothing of the turn may be stored
 */
export async function endSync(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  done: { claim: ClaimedSync; token: string; busySpan: Span | undefined; againInMs: number },
): Promise<boolean> {
  const { claim, token, busySpan, againInMs } = done;
  const { rowCount } = await client.query(
    `UPDATE calendar.syncs SET sync_token = $4, busy_checked_at = $5, busy_from = coalesce($6, busy_from), busy_to = coalesce($7, busy_to),
       listed_at = coalesce(listed_at, $5), failures = 0, leased_until = NULL, due_at = ${inMs("$8")}
     WHERE ${addressed} AND version = $3 AND NOT ${beingWritten}`,
    [tenantId, calendarId, claim.version, token, claim.askedAt, busySpan?.from, busySpan?.to, againInMs],
  );
  return rowCount === 1;
}

/** Ends a turn of which nothing is stored. */
export async function putOffSync(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  again: { inMs: number; failed: boolean },
): Promise<void> {
  await client.query(
    // Where another has had to take the calendar over, it may be asked about twice at once: what is stored stays one turn's.
    `UPDATE calendar.syncs SET leased_until = NULL, failures = failures + $3::integer, due_at = ${inMs("$4")} WHERE ${addressed}`,
    [tenantId, calendarId, again.failed ? 1 : 0, again.inMs],
  );
}

/** Notes that a write of ours begins or has ended: what was asked before is stale. @returns false for a calendar that is not synced. */
export async function touchSync(
  client: Queryable,
  { tenantId, calendarId }: DueSync,
  dueInMs: number | undefined,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE calendar.syncs SET version = version + 1, due_at = least(due_at, ${inMs("$3")}) WHERE ${addressed}`,
    [tenantId, calendarId, dueInMs],
  );
  return rowCount === 1;
}
