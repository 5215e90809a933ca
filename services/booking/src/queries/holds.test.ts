import { createPool, withTenant } from "@bookproof/postgres";
import { createLogger } from "@bookproof/service";
import { createTestDatabase, type TestDatabase } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type pg from "pg";
import { confirmHeldSlot } from "./appointments.ts";
import { upsertContactByPhone } from "./contacts.ts";
import { claimSlotAtomic, keepHoldForHuman, lockHold, reclaimHold, releaseHeldSlot } from "./holds.ts";

const tenantA = "a0000000-0000-0000-0000-000000000001";
const tenantB = "b0000000-0000-0000-0000-000000000002";
let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, role: "bookproof_booking", logger: createLogger("test", "error"), max: 40 });
  for (const tenant of [tenantA, tenantB]) {
    await database.query("INSERT INTO booking.tenants (tenant_id, name, time_zone) VALUES ($1, 'T', 'UTC')", [tenant]);
  }
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const at = (clock: string) => new Date(`2030-01-15T${clock}:00Z`);
const newHoldId = () => crypto.randomUUID();

function claim(wanted: {
  start: Date;
  tenantId?: string;
  calendarId?: string;
  holdId?: string;
  durationMinutes?: number;
  bufferAfterMinutes?: number;
}) {
  const tenantId = wanted.tenantId ?? tenantA;
  return withTenant(pool, tenantId, (client) =>
    claimSlotAtomic(client, {
      holdId: newHoldId(),
      calendarId: "cal-smith",
      offeringId: "consultation",
      callSid: "call",
      customerName: "Jane Roe",
      customerPhone: "+15551230001",
      holdMinutes: 10,
      durationMinutes: 30,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      ...wanted,
      tenantId,
    }),
  );
}

const inTenantA = <T>(work: Parameters<typeof withTenant<T>>[2]) => withTenant(pool, tenantA, work);
const letHoldRunOut = (holdId: string) =>
  database.query("UPDATE booking.appointment_holds SET expires_at = now() - interval '1 second' WHERE id = $1", [
    holdId,
  ]);

test("200 callers race for one slot: one wins, 199 hear that it is held", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => claim({ start: at("10:00") })));
  expect(answers.filter((answer) => answer.success)).toHaveLength(1);
  expect(answers.filter((answer) => answer.error === "Slot already held")).toHaveLength(199);
});

test("slots of different lengths and buffers never overlap on one calendar, and others stay free", async () => {
  expect(await claim({ start: at("12:00"), durationMinutes: 60, bufferAfterMinutes: 15 })).toMatchObject({
    success: true,
  });
  expect(await claim({ start: at("12:30") })).toMatchObject({ success: false, error: "Slot already held" });
  expect(await claim({ start: at("13:00") })).toMatchObject({ success: false });
  expect(await claim({ start: at("11:45") })).toMatchObject({ success: false });
  expect(await claim({ start: at("13:15") })).toMatchObject({ success: true });
  expect(await claim({ start: at("12:00"), calendarId: "cal-jones" })).toMatchObject({ success: true });
  expect(await claim({ start: at("12:00"), tenantId: tenantB })).toMatchObject({ success: true });
});

test("the same hold id is the same hold", async () => {
  const holdId = newHoldId();
  const first = await claim({ start: at("14:00"), holdId });
  expect(await claim({ start: at("14:00"), holdId })).toEqual(first);
});

test("a hold that ran out gives way, and its customer gets the slot back only while it is free", async () => {
  const [late, lost] = [newHoldId(), newHoldId()];
  await claim({ start: at("15:00"), holdId: late });
  await letHoldRunOut(late);
  expect(await inTenantA((client) => reclaimHold(client, tenantA, late))).toBe(true);

  await claim({ start: at("16:00"), holdId: lost });
  await letHoldRunOut(lost);
  expect(await claim({ start: at("16:00") })).toMatchObject({ success: true });
  expect(await inTenantA((client) => reclaimHold(client, tenantA, lost))).toBe(false);
});

test("a released slot is free again, and a slot kept for a human is not", async () => {
  const [released, kept] = [newHoldId(), newHoldId()];
  await claim({ start: at("17:00"), holdId: released });
  expect(await inTenantA((client) => releaseHeldSlot(client, tenantA, released))).toBe(true);
  expect(await inTenantA((client) => releaseHeldSlot(client, tenantA, released))).toBe(false);
  expect(await claim({ start: at("17:00") })).toMatchObject({ success: true });

  await claim({ start: at("18:00"), holdId: kept });
  await inTenantA((client) => keepHoldForHuman(client, tenantA, kept, 4 * 3_600_000));
  expect(await claim({ start: at("18:00") })).toMatchObject({ success: false });
});

test("another tenant's hold is not found", async () => {
  const holdId = newHoldId();
  await claim({ start: at("19:00"), holdId });
  expect(await withTenant(pool, tenantB, (client) => lockHold(client, tenantB, holdId))).toBeUndefined();
  expect(await withTenant(pool, tenantB, (client) => releaseHeldSlot(client, tenantA, holdId))).toBe(false);
});

test("nothing is confirmed without a calendar event: neither by the function nor by hand (P1)", async () => {
  const holdId = newHoldId();
  await claim({ start: at("20:00"), holdId });
  const contactId = await inTenantA((client) =>
    upsertContactByPhone(client, {
      tenantId: tenantA,
      phone: "+15551230001",
      name: "",
      email: "",
      bookingSource: "sms",
      holdId,
    }),
  );
  const confirm = { tenantId: tenantA, holdId, contactId, offeringId: "consultation" };
  await expect(inTenantA((client) => confirmHeldSlot(client, { ...confirm, calendarEventId: "" }))).rejects.toThrow(
    "Calendar event missing",
  );
  await expect(
    database.query(
      `INSERT INTO booking.appointments (id, tenant_id, contact_id, service_type, calendar_id, scheduled_at, duration_minutes, status, hold_id)
       VALUES (gen_random_uuid(), $1, $2, 'consultation', 'cal-smith', now(), 30, 'confirmed', $3)`,
      [tenantA, contactId, holdId],
    ),
  ).rejects.toThrow("confirmed_has_calendar_event");
  await inTenantA((client) => confirmHeldSlot(client, { ...confirm, calendarEventId: "event1" }));
  await expect(
    inTenantA((client) => confirmHeldSlot(client, { ...confirm, calendarEventId: "event1" })),
  ).rejects.toThrow("not held");
});

test("seed 002's calls work as printed", async () => {
  const claimed = await database.query(
    "SELECT booking.claim_slot_atomic($1, 'cal-123', '2030-01-15T14:00:00Z', 'call-1', 'John Smith', '+1-555-1234', 10) AS answer",
    [tenantA],
  );
  expect(claimed.rows[0].answer).toMatchObject({
    success: true,
    hold_id: expect.any(String),
    message: "Slot reserved for 10 minutes",
  });
  const again = await database.query(
    "SELECT booking.claim_slot_atomic($1, 'cal-123', '2030-01-15T14:00:00Z', 'call-2', 'Jane', '+1-555-9999', 10) AS answer",
    [tenantA],
  );
  expect(again.rows[0].answer).toEqual({ success: false, error: "Slot already held" });
  const released = await database.query("SELECT booking.release_hold($1, $2) AS answer", [
    claimed.rows[0].answer.hold_id,
    tenantA,
  ]);
  expect(released.rows[0].answer).toEqual({ success: true });
});
