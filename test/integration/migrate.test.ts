import { createPool, migrate, withTenant } from "@bookproof/postgres";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, type TestDatabase } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const tenantA = "a0000000-0000-0000-0000-000000000001";
const tenantB = "b0000000-0000-0000-0000-000000000002";
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  for (const tenant of [tenantA, tenantB]) {
    await database.query("INSERT INTO booking.tenants (tenant_id, name, time_zone) VALUES ($1, 'T', 'UTC')", [tenant]);
  }
});
afterAll(() => database.drop());

test("migrating again, and from several places at once, changes nothing", async () => {
  const applied = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
  expect(applied).toEqual([[], [], []]);
});

test("a service's role sees the rows of the transaction's tenant alone", async () => {
  const pool = createPool({ url: database.url, role: "bookproof_booking", logger: createLogger("test", "error") });
  const seen = await withTenant(pool, tenantA, (client) => client.query("SELECT tenant_id FROM booking.tenants"));
  const without = await pool.query("SELECT tenant_id FROM booking.tenants");
  await pool.end();
  expect(seen.rows).toEqual([{ tenant_id: tenantA }]);
  expect(without.rows).toEqual([]);
});
