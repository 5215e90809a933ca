import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runMigrations, Logger as WorkerLogger } from "graphile-worker";
import pg from "pg";
import { installEnqueue } from "./enqueue.ts";

const migrationsFolder = fileURLToPath(new URL("../../../db/migrations/", import.meta.url));

/** Services with a job queue of their own, in the schema `<service>_jobs`. */
const servicesWithJobs = ["agent", "booking", "calendar", "notifier"];

const silent = new WorkerLogger(() => () => undefined);

/**
 * Brings a database to the newest schema: the SQL files in order, then every service's job queue. Safe to run again, and at once from several
 * places: the files that are not in yet are applied in one transaction under an advisory lock.
 * @returns the names of the files applied now.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(7366501)");
    await client.query(
      "CREATE TABLE IF NOT EXISTS public.bookproof_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const { rows } = await client.query<{ name: string }>("SELECT name FROM public.bookproof_migrations");
    const applied = new Set(rows.map((row) => row.name));
    const files = readdirSync(migrationsFolder)
      .filter((file) => file.endsWith(".sql"))
      .sort();
    const missing = files.filter((file) => !applied.has(file));
    for (const file of missing) {
      await client.query(readFileSync(`${migrationsFolder}${file}`, "utf8"));
      await client.query("INSERT INTO public.bookproof_migrations (name) VALUES ($1)", [file]);
    }
    await client.query("COMMIT");
    for (const service of servicesWithJobs) {
      await runMigrations({ connectionString: url, schema: `${service}_jobs`, logger: silent });
      await installEnqueue(client, service);
    }
    return missing;
  } finally {
    await client.end();
  }
}
