import { BookproofError } from "@bookproof/errors";
import type pg from "pg";
import type { Queryable } from "./pool.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * One transaction that sees and writes the rows of `tenantId` alone (row-level security).
 * Commits when `work` resolves, rolls back when it throws.
 * @throws BookproofError `tenant_not_found` when the id is no UUID.
 */
export async function withTenant<T>(
  pool: pg.Pool,
  tenantId: string,
  work: (client: Queryable) => Promise<T>,
): Promise<T> {
  if (!uuid.test(tenantId)) throw new BookproofError("tenant_not_found");
  // One round trip; the id was checked above, SET takes no parameters.
  return transaction(pool, `BEGIN; SET LOCAL bookproof.tenant_id = '${tenantId}'`, work);
}

/** One transaction without a tenant: sees no tenant's rows, for look-ups that precede a tenant. */
export async function withTransaction<T>(pool: pg.Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  return transaction(pool, "BEGIN", work);
}

/** What each open transaction's client has been asked to do after its commit. */
const afterwards = new WeakMap<Queryable, (() => void)[]>();

/**
 * Runs `work`, which must not throw, once the transaction of `client` is committed, and never where it is not: for what counts things
 * that happened. At once where `client` is in no transaction of this file. A COMMIT that is not answered is none.
 */
export function afterCommit(client: Queryable, work: () => void): void {
  const works = afterwards.get(client);
  if (works) works.push(work);
  else work();
}

async function transaction<T>(pool: pg.Pool, begin: string, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const works: (() => void)[] = [];
  afterwards.set(client, works);
  let broken: Error | undefined;
  let result: T;
  try {
    await client.query(begin);
    result = await work(client);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    afterwards.delete(client);
    // A connection that could not roll back is not given to the next transaction.
    client.release(broken);
  }
  for (const done of works) done();
  return result;
}
