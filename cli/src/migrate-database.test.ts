import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { createTestDatabase, type TestDatabase } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createProgram } from "./program.ts";
import { UsageError } from "./usage-error.ts";

let empty: TestDatabase;
beforeAll(async () => {
  empty = await createTestDatabase(undefined, "template1");
});
afterAll(() => empty?.drop());

async function run(databaseUrl?: string): Promise<string[]> {
  const lines: string[] = [];
  const env = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  await createProgram(env, (line) => lines.push(line)).parseAsync(["migrate"], { from: "user" });
  return lines;
}

test("brings an empty database up to date once, however many try at once, and says what it did", async () => {
  const answers = await Promise.all([run(empty.url), run(empty.url), run(empty.url)]);
  const { rows } = await empty.query("SELECT name FROM public.bookproof_migrations ORDER BY name");
  const everything = rows.map(({ name }) => `applied  ${name}`);
  expect(everything[0]).toBe("applied  000001_roles_and_schemas.sql");
  expect(answers.toSorted((a, b) => b.length - a.length)).toEqual([everything, ["up to date"], ["up to date"]]);
  expect((await empty.query("SELECT to_regclass('booking_jobs._private_jobs') AS queue")).rows[0].queue).not.toBeNull();
  expect(await run(empty.url)).toEqual(["up to date"]);
});

test("says in one sentence what is wrong with DATABASE_URL", async () => {
  await expect(run()).rejects.toThrow(
    "DATABASE_URL is not set: name the database to migrate, e.g. postgres://user@host:5432/name.",
  );
  await expect(run("mysql://localhost/x")).rejects.toThrow("DATABASE_URL must be a postgres:// URL");
  await expect(run("postgres://user:secret@host:port/x")).rejects.toThrow(/^DATABASE_URL must be a postgres:\/\/ URL$/);
});

test("says in one sentence why Postgres could not be asked, without the password", async () => {
  await expect(run("postgres://user:secret@127.0.0.1:9/x")).rejects.toThrow(
    /^Postgres cannot be reached at 127\.0\.0\.1:9 \(ECONNREFUSED\)\.$/,
  );
  await expect(run("postgres://user:secret@no-such-host.invalid/x")).rejects.toThrow(
    /^Postgres cannot be reached at no-such-host\.invalid:5432 \(E[A-Z_]+\)\.$/,
  );
  const name = `absent_${randomUUID()}`;
  const absent = new URL(empty.url);
  absent.pathname = `/${name}`;
  await expect(run(absent.href)).rejects.toThrow(new RegExp(`^Postgres at \\S+ has no database "${name}"\\.$`));
});

test("says that the password is wrong, without it", async () => {
  // The test server asks nobody for a password: this one answers as Postgres does that asked for it.
  const fields = ["SFATAL", "C28P01", 'Mpassword authentication failed for user "app"', ""].join("\0");
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + fields.length + 1);
  const refusal = Buffer.concat([Buffer.from("E"), length, Buffer.from(`${fields}\0`)]);
  const server = createServer((client) => client.on("error", () => undefined).once("data", () => client.end(refusal)));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const at = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  try {
    await expect(run(`postgres://app:wrong-secret@${at}/x`)).rejects.toThrow(
      new UsageError(`Postgres at ${at} refuses the password of user "app".`),
    );
  } finally {
    server.close();
  }
});

test("says who must migrate where the user may not", async () => {
  const fresh = await createTestDatabase(undefined, "template1");
  try {
    const user = `u_${randomUUID().replaceAll("-", "")}`;
    await fresh.query(`CREATE ROLE ${user} LOGIN`);
    const url = new URL(fresh.url);
    url.username = user;
    await expect(run(url.href)).rejects.toThrow(/^User "u_\w+" of Postgres at \S+ may not create what is missing: /);
  } finally {
    await fresh.drop();
  }
});
