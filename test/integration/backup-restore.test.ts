import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalPostgres } from "@bookproof/local-postgres";
import { migrate } from "@bookproof/postgres";
import { checkHistory, eventually, historyTenant, readHistory } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { reachSummary } from "../support/journeys.ts";
import { clinic, clinicId, clinicPhone, googleCalendar } from "../support/tenants.ts";

const googleId = "smith@group.calendar.google.com";
const tenant = clinic(googleCalendar("cal-smith", "Dr. Smith", googleId));
const folder = mkdtempSync(join(tmpdir(), "bookproof-backup-"));
const live = join(folder, "live");
let postgres: Awaited<ReturnType<typeof startLocalPostgres>>;
let world: InProcessWorld;

beforeAll(async () => {
  postgres = await startLocalPostgres({ dataDir: live, fsync: false });
  await migrate(postgres.url);
  world = await startInProcessWorld({ tenants: [tenant], env: { DATABASE_URL: postgres.url } });
}, 60_000);
afterAll(async () => {
  await world.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function book(customer: string, request: string): Promise<void> {
  await reachSummary(world, customer, clinicPhone, request);
  await world.text(customer, clinicPhone, "CONFIRM");
  await eventually("the confirmation", () => world.received(customer).some((body) => body.includes("all set")), 20_000);
}

async function appointments(): Promise<number> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const statement =
      "SELECT count(*)::int AS count FROM booking.appointments WHERE tenant_id = $1 AND status = 'confirmed'";
    return (await client.query(statement, [clinicId])).rows[0].count;
  } finally {
    await client.end();
  }
}

/** What every check of the product's history says of the whole run. */
async function violations() {
  const source = { databaseUrl: postgres.url, twilioUrl: world.twilio.url, googleUrl: world.google.url };
  const history = await readHistory(source, { tenant: historyTenant(tenant), voice: [] });
  const times = { healedAt: Date.now(), attemptDeadlineMs: 6_000, graceMs: 30_000 };
  return checkHistory(history, { ...times, readAt: Date.now() }).violations;
}

/** pg_dump of the server's own version, where this machine has it: an older one refuses. */
function hasMatchingDump(): boolean {
  try {
    return / 18\./.test(execFileSync("pg_dump", ["--version"], { encoding: "utf8" }));
  } catch {
    return false;
  }
}

/** @returns how to bring it back into an empty cluster at the same address. */
async function backUp(): Promise<() => Promise<void>> {
  const start = async () => {
    postgres = await startLocalPostgres({ dataDir: live, fsync: false, port: postgres.port });
  };
  const copy = join(folder, "backup");
  if (hasMatchingDump()) {
    execFileSync("pg_dump", ["--format=custom", `--file=${copy}`, postgres.url]);
    return async () => {
      await start();
      await migrate(postgres.url); // a dump has no roles
      execFileSync("pg_restore", ["--exit-on-error", "--clean", "--if-exists", `--dbname=${postgres.url}`, copy]);
    };
  }
  console.info("No pg_dump of version 18 here: a cold copy is taken instead.");
  await postgres.stop();
  execFileSync("cp", ["-a", live, copy]);
  await start();
  return async () => {
    execFileSync("cp", ["-a", copy, live]);
    await start();
  };
}

test("a backup brings everything back: the proofs still hold, and the services go on by themselves", async () => {
  await book("+15551260001", "book me tomorrow morning");
  const restore = await backUp();
  await postgres.stop();
  rmSync(live, { recursive: true });

  await restore();
  expect(await appointments()).toBe(1);
  await eventually("the services answer again", async () => (await fetch(`${world.gatewayUrl}/readyz`)).ok, 30_000);
  await book("+15551260002", "book me tomorrow afternoon");
  expect(await appointments()).toBe(2);
  expect(await violations()).toEqual([]);
}, 120_000);
