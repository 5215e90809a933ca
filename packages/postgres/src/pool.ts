import type { Logger } from "@bookproof/service";
import pg from "pg";

/** What a query function needs: a client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;

/**
 * A pool of connections that work under `role` (which owns nothing and is bound by row-level security).
 * Time-outs: connect 3 s, statement 5 s, lock 3 s, idle in transaction 10 s, and 8 s for any answer; an idle connection is kept for a minute: a new one costs
 * Postgres more than most transactions.
 */
export function createPool(options: { url: string; role: string; logger: Logger; max?: number }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 60_000,
    // A connection over which nothing comes back any more would hold its transaction, and whoever waits for it, for ever.
    query_timeout: 8_000,
    options: `-c role=${options.role} -c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000`,
    application_name: options.role,
    keepAlive: true,
  });
  // Without a listener the death of an idle connection ends the process.
  pool.on("error", (error) =>
    options.logger.warn({ err: error }, "[POSTGRES_CONNECTION_LOST] an idle connection was lost"),
  );
  // The same for a connection that is cut while a transaction has it: its query fails, and the transaction with it.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
