import { checkDatabase as checkAnswers, expectedMigrations, withTenant } from "@bookproof/postgres";
import type { Check } from "@bookproof/proto/doctor";
import { checksOf, failedCheck, okCheck, skippedCheck, warningCheck } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectMigrations, selectTenantWritten, touchTenant } from "../queries/database-state.ts";

const withinMs = 6_000;
const name = "database";

/** Whether a row can be written and read, whose clock differs, and whether the schema is the one that this build expects. */
export async function checkDatabase(deps: Deps, tenantId: string): Promise<Check[]> {
  const whatToDo =
    "Look at Postgres (is it there, is it a read-only replica, is its disk full?), and at DATABASE_URL of booking.";
  const [writing, migrations] = await Promise.all([
    checkAnswers(deps.pool, { service: "booking", logger: deps.logger, whatToDo }, () =>
      checkWriting(deps, tenantId, whatToDo),
    ),
    checkMigrations(deps),
  ]);
  return [...writing, ...migrations];
}

/** Two transactions: what is read was committed. */
async function checkWriting(deps: Deps, tenantId: string, whatToDo: string): Promise<Check> {
  const written = await withTenant(deps.pool, tenantId, (client) => touchTenant(client, tenantId));
  const read = await withTenant(deps.pool, tenantId, (client) => selectTenantWritten(client, tenantId));
  if (written && read && read >= written) return okCheck(name, "A row was written and read back.");
  return failedCheck(name, "A row that was written is not there.", whatToDo);
}

/** What Postgres says of a table that is not there, or that the role may not read. */
const notMigrated = z.object({ code: z.enum(["42P01", "42501"]) });

/** The right to read them comes with a migration: a database that refuses has not got it. */
async function readMigrations(deps: Deps): Promise<ReadonlySet<string>> {
  try {
    return new Set(await selectMigrations(deps.pool));
  } catch (error) {
    if (notMigrated.safeParse(error).success) return new Set();
    throw error;
  }
}

function checkMigrations(deps: Deps): Promise<Check[]> {
  const whatToDo =
    "Run `npm run bookproof -- migrate` of this version against the database, with DATABASE_URL of its owner.";
  const options = { whatToDo: "Look at Postgres, and at DATABASE_URL of booking.", withinMs, logger: deps.logger };
  return checksOf("database version", options, async () => {
    const expected = expectedMigrations();
    if (!expected) return skippedCheck("database version", "This build does not carry the migrations to compare with.");
    const applied = await readMigrations(deps);
    const missing = expected.filter((file) => !applied.has(file));
    const unknown = [...applied].filter((file) => !expected.includes(file));
    if (missing.length > 0)
      return failedCheck("database version", `The database lacks ${missing.join(", ")}.`, whatToDo);
    if (unknown.length > 0)
      return warningCheck(
        "database version",
        `The database is newer than booking: it has ${unknown.join(", ")}.`,
        "Finish the upgrade: run the same version of every service.",
      );
    return okCheck("database version", `It has all ${expected.length} migrations of this version.`);
  });
}
