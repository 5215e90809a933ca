import { randomBytes } from "node:crypto";
import pg from "pg";
import { serverUrlVariable, templateName } from "./test-server.ts";

export interface TestDatabase {
  /** postgres:// URL of the superuser. */
  url: string;
  /** A direct connection as superuser, which row-level security does not bind. */
  /** @param text with a name it is prepared once a connection, and planned no more. */
  query(text: string | { name: string; text: string }, values?: unknown[]): Promise<pg.QueryResult>;
  /** Closes the connection and removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * A fresh, fully migrated database of its own, cloned from the template that the test run's server holds.
 * @param template `template1` makes an empty one
 */
export async function createTestDatabase(
  serverUrl: string | undefined = process.env[serverUrlVariable],
  template: string = templateName,
): Promise<TestDatabase> {
  if (!serverUrl)
    throw new Error(`${serverUrlVariable} is not set: run the tests through jest with this repository's configuration`);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 3 });
  // Dropping by force cuts whoever is still connected, also a connection of ours that is just closing.
  pool.on("error", () => undefined);
  return {
    url: url.href,
    query: (text, values = []) => pool.query(text, values),
    async drop() {
      await pool.end();
      await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
