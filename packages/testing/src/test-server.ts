import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalPostgres } from "@bookproof/local-postgres";
import { migrate } from "@bookproof/postgres";
import pg from "pg";

/** Where the tests of one run find their Postgres server. */
export const serverUrlVariable = "BOOKPROOF_TEST_POSTGRES_URL";

/** The migrated database that every test database is cloned from. */
export const templateName = "bookproof_template";

/** Starts one Postgres for a test run, with a migrated template database. */
export async function startTestServer(
  options: { maxConnections?: number } = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), "bookproof-test-"));
  const server = await startLocalPostgres({
    dataDir: join(dataDir, "postgres"),
    fsync: false,
    database: "postgres",
    ...options,
  });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${templateName}`);
  await client.end();
  const template = new URL(server.url);
  template.pathname = `/${templateName}`;
  await migrate(template.href);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
