import type { Queryable } from "@bookproof/postgres";

/** Deletes the oldest traces of all tenants that are older than `days`, `limit` rows at most. @returns how many went. */
export async function deleteTracesOlderThan(client: Queryable, days: number, limit: number): Promise<number> {
  // By the database's clock, which also dates the rows.
  const { rows } = await client.query<{ deleted: number }>(
    "SELECT trace.delete_old_traces(now() - make_interval(days => $1), $2) AS deleted",
    [days, limit],
  );
  return rows[0]?.deleted ?? 0;
}
