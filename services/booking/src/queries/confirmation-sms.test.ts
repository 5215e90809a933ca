import { randomUUID } from "node:crypto";
import { createPool, withTenant } from "@bookproof/postgres";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, type TestDatabase } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type pg from "pg";
import { recordConfirmationSms } from "./confirmation-sms.ts";

const tenantA = "a0000000-0000-4000-8000-000000000001";
const tenantB = "b0000000-0000-4000-8000-000000000002";
const appointmentId = randomUUID();
let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, role: "bookproof_booking", logger: createLogger("test", "error") });
  const [contactId, holdId] = [randomUUID(), randomUUID()];
  for (const tenant of [tenantA, tenantB]) {
    await database.query("INSERT INTO booking.tenants (tenant_id, name, time_zone) VALUES ($1, 'T', 'UTC')", [tenant]);
  }
  await database.query("INSERT INTO booking.contacts (tenant_id, id) VALUES ($1, $2)", [tenantA, contactId]);
  await database.query(
    `INSERT INTO booking.appointment_holds (tenant_id, id, calendar_id, slot_time, duration_minutes, busy_range, status, expires_at)
     VALUES ($1, $2, 'cal', '2030-01-15T10:00Z', 30, '[2030-01-15T10:00Z,2030-01-15T10:30Z)', 'confirmed', '2030-01-15T10:00Z')`,
    [tenantA, holdId],
  );
  await database.query(
    `INSERT INTO booking.appointments (id, tenant_id, contact_id, service_type, calendar_id, scheduled_at, duration_minutes, status, hold_id,
       calendar_event_id, calendar_insert_ok)
     VALUES ($1, $2, $3, 'consultation', 'cal', '2030-01-15T10:00Z', 30, 'confirmed', $4, 'evt1', TRUE)`,
    [appointmentId, tenantA, contactId, holdId],
  );
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test("the first confirmation SMS of an appointment stands, and another tenant's is not found", async () => {
  const sentAt = new Date("2030-01-10T09:00:00Z");
  const record = (tenantId: string, messageId: string) =>
    withTenant(pool, tenantId, (client) =>
      recordConfirmationSms(client, tenantId, { appointmentId, messageId, sentAt }),
    );
  expect(await record(tenantB, "SM0")).toBe(false);
  expect(await record(tenantA, "SM1")).toBe(true);
  expect(await record(tenantA, "SM2")).toBe(false);
  const { rows } = await database.query(
    "SELECT confirmation_sms_sent, confirmation_sms_id, confirmation_sms_sent_at FROM booking.appointments WHERE id = $1",
    [appointmentId],
  );
  expect(rows).toEqual([{ confirmation_sms_sent: true, confirmation_sms_id: "SM1", confirmation_sms_sent_at: sentAt }]);
});
