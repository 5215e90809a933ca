import { createPool, withTenant } from "@bookproof/postgres";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, eventually, type TestDatabase } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type pg from "pg";
import { pino } from "pino";
import { contactOf } from "./customer-contact.ts";

const tenantId = "a0000000-0000-0000-0000-000000000001";
const lines: string[] = [];
const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, role: "bookproof_booking", logger: createLogger("test", "error") });
  await database.query("INSERT INTO booking.tenants (tenant_id, name, time_zone) VALUES ($1, 'T', 'UTC')", [tenantId]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const customer = (email: string, name = "") => ({
  tenantId,
  phone: "",
  email,
  name,
  bookingSource: "phone_ai",
  holdId: crypto.randomUUID(),
});
const contact = async (id: string) =>
  (await database.query("SELECT name, email FROM booking.contacts WHERE id = $1", [id])).rows[0];

test("of two who make the same contact at once the later one finds the earlier one's, and can go on", async () => {
  const { promise: later, resolve: goOn } = Promise.withResolvers<string>();
  const first = await withTenant(pool, tenantId, async (client) => {
    const id = await contactOf(client, logger, customer("Race@example.com"));
    goOn(
      withTenant(pool, tenantId, async (other) => {
        const found = await contactOf(other, logger, customer("race@EXAMPLE.com", "Jane Roe"));
        await other.query("SELECT 1");
        return found;
      }),
    );
    await eventually("the later one waiting for the earlier one's insert", async () => {
      const { rows } = await database.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length > 0;
    });
    return id;
  });
  expect(await later).toBe(first);
  expect(await contact(first)).toEqual({ name: "Jane Roe", email: "Race@example.com" });
  expect(lines.join("")).toContain("✅ Found contact after race condition retry");
});

test("a contact is named by the customer, else by the e-mail, and keeps its name when a later booking gives none", async () => {
  const id = await withTenant(pool, tenantId, (client) => contactOf(client, logger, customer("pat.doe@example.com")));
  expect(await contact(id)).toMatchObject({ name: "pat.doe" });
  for (const name of ["Pat Doe", ""])
    await withTenant(pool, tenantId, (client) => contactOf(client, logger, customer("pat.doe@example.com", name)));
  expect(await contact(id)).toMatchObject({ name: "Pat Doe" });
});

test("a contact with a phone alone and no name is Unknown", async () => {
  const byPhone = { ...customer(""), phone: "+15551230001" };
  const id = await withTenant(pool, tenantId, (client) => contactOf(client, logger, byPhone));
  expect(await contact(id)).toEqual({ name: "Unknown", email: null });
});
