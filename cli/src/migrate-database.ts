import { migrate } from "@bookproof/postgres";
import { ConfigError, parseEnv } from "@bookproof/service";
import { z } from "zod";
import { UsageError } from "./usage-error.ts";

const migrateEnv = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^/]/, "must be a postgres:// URL")
    .optional(),
});

/** What Postgres refuses at the door, by its code (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const refusals: Readonly<Record<string, (at: Place) => string>> = {
  "28P01": ({ server, user }) => `Postgres at ${server} refuses the password of user "${user}"`,
  "28000": ({ server, user }) => `Postgres at ${server} does not let user "${user}" in`,
  "3D000": ({ server, database }) => `Postgres at ${server} has no database "${database}"`,
  "42501": ({ server, user }) =>
    `User "${user}" of Postgres at ${server} may not create what is missing: migrate as the owner of the database`,
};

interface Place {
  /** host:port */
  server: string;
  database: string;
  user: string;
}

/**
 * Brings the database that DATABASE_URL names to the newest schema.
 * @returns the names of the migrations applied now
 * @throws ConfigError where DATABASE_URL is missing or wrong, UsageError saying what Postgres refused; neither quotes the password
 */
export async function migrateDatabase(env: NodeJS.ProcessEnv): Promise<string[]> {
  const { DATABASE_URL: url } = parseEnv(migrateEnv, env);
  if (url === undefined)
    throw new UsageError("DATABASE_URL is not set: name the database to migrate, e.g. postgres://user@host:5432/name.");
  const place = placeOf(url);
  return migrate(url).catch((error: unknown) => {
    throw new UsageError(`${whatFailed(error, place)}.`);
  });
}

function placeOf(url: string): Place {
  try {
    const { hostname, port, pathname, username } = new URL(url);
    const user = decodeURIComponent(username);
    return { server: `${hostname}:${port || 5432}`, database: decodeURIComponent(pathname.slice(1)) || user, user };
  } catch {
    throw new ConfigError("DATABASE_URL must be a postgres:// URL");
  }
}

function whatFailed(error: unknown, place: Place): string {
  const { code, message } = z
    .object({ code: z.string().optional(), message: z.string().catch("") })
    .catch({ code: undefined, message: "" })
    .parse(error);
  const refused = code === undefined ? undefined : refusals[code];
  if (refused) return refused(place);
  // The client asks for a password only when the server does, and its own texts quote nothing.
  if (/password must be a/.test(message))
    return `Postgres at ${place.server} wants a password, and DATABASE_URL has none`;
  if (code === undefined || /^E[A-Z_]+$/.test(code))
    return `Postgres cannot be reached at ${place.server} (${code ?? message})`;
  return `The migration failed, and nothing of it was applied: ${message.split("\n", 1)[0]} (${code})`;
}
