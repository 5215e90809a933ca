import type { Queryable } from "@bookproof/postgres";

/** What the database's clock shows. */
export async function selectClock(client: Queryable): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  if (!rows[0]) throw new Error("the database does not tell its time");
  return rows[0].now;
}
