import type { Queryable } from "@bookproof/postgres";
import type { Span } from "../domain/span.ts";

/** An appointment or a blocked time in a feed. */
export interface FeedEntryRow extends Span {
  id: string;
  summary: string;
  description: string;
  location: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Gives a calendar the link of this hash. @returns false where it has another one that is not to be replaced. */
export async function upsertFeed(
  client: Queryable,
  feed: { tenantId: string; calendarId: string; tokenSha256: string; replace: boolean },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO calendar.feeds AS f (tenant_id, calendar_id, token_sha256) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, calendar_id) DO UPDATE SET token_sha256 = excluded.token_sha256, created_at = now()
     WHERE $4 OR f.token_sha256 = excluded.token_sha256`,
    [feed.tenantId, feed.calendarId, feed.tokenSha256, feed.replace],
  );
  return rowCount === 1;
}

/** Ends a calendar's link. @returns whether it had one. */
export async function deleteFeedRow(client: Queryable, tenantId: string, calendarId: string): Promise<boolean> {
  const { rowCount } = await client.query("DELETE FROM calendar.feeds WHERE tenant_id = $1 AND calendar_id = $2", [
    tenantId,
    calendarId,
  ]);
  return rowCount === 1;
}

/** Whose calendar a link shows, by the hash of its secret; precedes a tenant. */
export async function selectFeedByHash(
  client: Queryable,
  tokenSha256: string,
): Promise<{ tenantId: string; calendarId: string } | undefined> {
  const { rows } = await client.query<{ tenantId: string; calendarId: string }>(
    `SELECT tenant_id AS "tenantId", calendar_id AS "calendarId" FROM calendar.find_feed($1)`,
    [tokenSha256],
  );
  return rows[0];
}

/** Live events and blocked times of a built-in calendar that touch a range, by id. */
export async function selectFeedEntries(
  client: Queryable,
  tenantId: string,
  calendarId: string,
  wanted: { range: Span; afterId: string; limit: number },
): Promise<FeedEntryRow[]> {
  const { rows } = await client.query<FeedEntryRow>(
    `SELECT id, lower(time_range) AS "from", upper(time_range) AS "to", summary, description, location,
       created_at AS "createdAt", updated_at AS "updatedAt"
     FROM (
       SELECT id, time_range, summary, description, location, created_at, updated_at FROM calendar.events
       WHERE tenant_id = $1 AND calendar_id = $2 AND live AND time_range && tstzrange($3, $4)
       UNION ALL
       SELECT 'blocked-' || id, time_range, concat_ws(': ', 'Blocked', nullif(reason, '')), '', '', created_at, created_at
       FROM calendar.blocked_times WHERE tenant_id = $1 AND calendar_id = $2 AND time_range && tstzrange($3, $4)
     ) AS entries
     WHERE id > $5 ORDER BY id LIMIT $6`,
    [tenantId, calendarId, wanted.range.from, wanted.range.to, wanted.afterId, wanted.limit],
  );
  return rows;
}
