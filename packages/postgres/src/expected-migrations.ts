import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const migrationsFolder = fileURLToPath(new URL("../../../db/migrations/", import.meta.url));

/** The names of the SQL files that this build brings a database to, in order; undefined where the build was made without them. */
export function expectedMigrations(): string[] | undefined {
  try {
    return readdirSync(migrationsFolder)
      .filter((file) => file.endsWith(".sql"))
      .sort();
  } catch {
    return undefined;
  }
}
