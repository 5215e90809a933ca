import { createAdminApi } from "@bookproof/launcher/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { DateTime } from "luxon";
import { adminCall } from "../support/admin-call.ts";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { reachSummary } from "../support/journeys.ts";
import { runOperatorCommand } from "../support/operator-command.ts";
import { clinic, clinicId, clinicPhone, googleCalendar, plumber, plumberId } from "../support/tenants.ts";

const timeZone = "America/New_York";
const tomorrow = DateTime.now().setZone(timeZone).plus({ days: 1 }).startOf("day");
const day = tomorrow.toISODate();
const at = (hour: number, minute = 0) => tomorrow.set({ hour, minute }).toUTC().toISO();
const shown = tomorrow.setLocale("en-GB").toFormat("ccc d LLL yyyy");
const blocks = "/api/calendars/blocks";

let world: InProcessWorld;
let clinicToken: string;
beforeAll(async () => {
  const tenant = clinic();
  const atGoogle = googleCalendar("cal-google", "Room", "room@group.calendar.google.com");
  world = await startInProcessWorld({
    tenants: [{ ...tenant, calendars: [...tenant.calendars, atGoogle] }, plumber()],
  });
  const api = createAdminApi(world.gatewayUrl, adminToken);
  clinicToken = await api.createToken({ role: "tenant_admin", tenantId: clinicId });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.database.query("DELETE FROM calendar.blocked_times"));

const ask = (method: string, path: string, options: { token?: string; body?: unknown } = {}) =>
  adminCall(world, method, path, { token: clinicToken, ...options });
const block = (from: unknown, to: unknown, more: Record<string, unknown> = {}) =>
  ask("POST", blocks, { body: { calendarId: "cal-smith", from, to, ...more } });
const openings = async () => {
  const windows = [{ from: tomorrow.toJSDate(), to: tomorrow.plus({ days: 1 }).toJSDate() }];
  const asked = {
    tenantId: clinicId,
    offeringId: "consultation",
    windows,
    limit: 50,
    ownHoldId: "",
    conversationId: "",
  };
  return (await world.booking.findOpenings(asked)).openings.map(({ start }) => start?.toISOString());
};
const starting = (hour: number, minute = 0) => tomorrow.set({ hour, minute }).toJSDate().toISOString();

describe("a blocked time over the admin API", () => {
  test("is no opening at once, cannot be reserved by phone, and is open again once it is given back", async () => {
    expect(await openings()).toContain(starting(9));
    const { status, body } = await block(at(9), at(12), { reason: "Dentists' congress" });
    const { id, ...rest } = body;
    expect([status, rest]).toEqual([
      201,
      { calendarId: "cal-smith", from: at(9), to: at(12), reason: "Dentists' congress", appointments: [] },
    ]);
    const left = await openings();
    expect([left.includes(starting(9)), left.includes(starting(11, 30)), left.includes(starting(12))]).toEqual([
      false,
      false,
      true,
    ]);
    const reserve = (hour: number) =>
      world.booking.reserveSlot({
        tenantId: clinicId,
        callId: `call-${hour}`,
        offeringId: "consultation",
        calendarId: "",
        start: tomorrow.set({ hour }).toJSDate(),
        customer: { name: "Ann", phone: "+15551230077", email: "" },
        bookingSource: "phone_ai",
      });
    await expect(reserve(10)).rejects.toMatchObject({ reason: "slot_not_open" });
    expect(await ask("GET", blocks)).toEqual({
      status: 200,
      body: { blocks: [{ id, calendarId: "cal-smith", from: at(9), to: at(12), reason: "Dentists' congress" }] },
    });
    expect(await ask("DELETE", `${blocks}/${id}`)).toEqual({ status: 200, body: { unblocked: true } });
    expect(await openings()).toContain(starting(9));
    expect(await ask("GET", `${blocks}?calendarId=cal-smith`)).toEqual({ status: 200, body: { blocks: [] } });
  });

  test("is in the calendar's feed, named by its reason", async () => {
    const { body } = await ask("POST", "/api/calendars/feeds", { body: { calendarId: "cal-smith", replace: true } });
    await block(at(9), at(12), { reason: "Away; back at noon" });
    const text = await (await fetch(String(body.url))).text();
    expect(text).toContain("SUMMARY:Blocked: Away\\; back at noon\r\n");
    expect(text).toMatch(/UID:blocked-[\da-f-]{36}@bookproof\r\n/);
  });

  test("names what is booked in it, which stays; a hold in it cannot be confirmed, and its customer is told so", async () => {
    const [jane, joe] = ["+15551230001", "+15551230002"];
    await reachSummary(world, jane, clinicPhone, "book me tomorrow at 9am");
    expect(await world.ask(jane, clinicPhone, "CONFIRM")).toMatch(/all set/);
    expect(await reachSummary(world, joe, clinicPhone, "book me tomorrow at 11am")).toMatch(/11:00 AM/);

    const { body } = await block(at(9), at(12));
    expect(body.appointments).toEqual([
      {
        appointmentId: expect.any(String),
        from: at(9),
        to: at(9, 30),
        summary: "Consultation: Jane Roe",
      },
    ]);
    const answer = await world.ask(joe, clinicPhone, "CONFIRM");
    expect(answer).toMatch(/just taken/);
    expect(answer).not.toMatch(/all set/);
    const { rows } = await world.database.query(
      "SELECT status, count(*)::int AS count FROM booking.appointments WHERE tenant_id = $1 GROUP BY 1 ORDER BY 1",
      [clinicId],
    );
    expect(rows).toEqual(expect.arrayContaining([{ status: "confirmed", count: 1 }]));
  }, 60_000);

  test("of another tenant is 404", async () => {
    const { body } = await block(at(9), at(12));
    const noTenant = { status: 404, body: { error: "No such tenant." } };
    const noBlock = { status: 404, body: { error: "No such blocked time." } };
    const mine = { tenantId: plumberId, calendarId: "cal-van" };
    expect(await block(at(9), at(12), mine)).toEqual(noTenant);
    expect(await ask("GET", `${blocks}?tenantId=${plumberId}`)).toEqual(noTenant);
    expect(await ask("DELETE", `${blocks}/${body.id}?tenantId=${plumberId}`)).toEqual(noTenant);
    const owner = { token: adminToken };
    expect(await ask("DELETE", `${blocks}/${body.id}?tenantId=${plumberId}`, owner)).toEqual(noBlock);
    expect(await ask("DELETE", `${blocks}/no-uuid`)).toEqual(noBlock);
    expect((await ask("GET", `${blocks}?tenantId=${plumberId}`, owner)).body).toEqual({ blocks: [] });
    expect((await ask("GET", `${blocks}?tenantId=${clinicId}`, owner)).body.blocks).toHaveLength(1);
  });

  test.each<[string, unknown, unknown, Record<string, unknown>]>([
    ["to: must be later than from.", at(12), at(9), {}],
    ["from: must be a time such as 2026-12-24T13:00:00-05:00.", "2026-12-24T13:00:00", at(9), {}],
    ["from: must be a time such as 2026-12-24T13:00:00-05:00.", undefined, at(9), {}],
    ["to: must be a time such as 2026-12-24T13:00:00-05:00.", at(9), "2026-02-30T13:00:00Z", {}],
    ["to: must be a time such as 2026-12-24T13:00:00-05:00.", at(9), 7, {}],
    ["range: must end in the future.", "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", {}],
    ["reason: must have 200 characters at most.", at(9), at(12), { reason: "x".repeat(201) }],
    ["reason: must be a text.", at(9), at(12), { reason: {} }],
    ["calendarId: is missing.", at(9), at(12), { calendarId: undefined }],
    ["tenantId: must be a UUID.", at(9), at(12), { tenantId: "me" }],
  ])("that is wrong is refused with 400: %s", async (error, from, to, more) => {
    expect(await block(from, to, more)).toEqual({ status: 400, body: { error } });
  });

  test("cannot be had at Google, and says where it can", async () => {
    expect(await block(at(9), at(12), { calendarId: "cal-google" })).toEqual({
      status: 409,
      body: { error: "This calendar is at Google: block the time in Google Calendar itself." },
    });
  });
});

describe("`bookproof calendar block`, `blocks` and `unblock`", () => {
  const run = (command: string, ...args: string[]) =>
    runOperatorCommand(world.gatewayUrl, ["calendar", command, "--tenant", clinicId, ...args]);
  const uuid = "[\\da-f-]{36}";

  test("block by the tenant's clocks, list, and open again", async () => {
    expect((await run("blocks")).stdout).toBe("nothing is blocked\n");
    const lunch = ["--calendar", "cal-smith", "--from", `${day} 13:00`, "--to", `${day}T14:00`, "--reason", "Lunch"];
    const line = `${uuid}  cal-smith  ${shown} 13:00 – 14:00 \\(America/New_York\\)  Lunch\n`;
    expect(await run("block", ...lunch)).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^blocked  ${line}$`)),
      stderr: "",
    });
    const { stdout } = await run("blocks", "--calendar", "cal-smith");
    expect(stdout).toMatch(new RegExp(`^${line}$`));
    const left = await openings();
    expect([left.includes(starting(13)), left.includes(starting(14))]).toEqual([false, true]);
    const id = stdout.split("  ")[0] ?? "";
    expect((await run("unblock", "--id", id)).stdout).toBe("unblocked\n");
    expect(await run("unblock", "--id", id)).toEqual({ code: 1, stdout: "", stderr: "No such blocked time.\n" });
  }, 60_000);

  test("block whole days, and name the appointments that stay", async () => {
    const answer = await run("block", "--calendar", "cal-smith", "--from", String(day), "--to", String(day));
    const next = tomorrow.plus({ days: 1 }).setLocale("en-GB").toFormat("ccc d LLL yyyy");
    expect(answer).toMatchObject({ code: 0, stderr: "" });
    expect(answer.stdout).toContain(`  ${shown} 00:00 – ${next} 00:00 (America/New_York)\n`);
    expect(answer.stdout).toContain("\n1 appointment is in this time and stays:\n");
    expect(answer.stdout).toContain(`\n  ${shown} 09:00 – 09:30 (America/New_York)  Consultation: Jane Roe\n`);
    expect(await openings()).toEqual([]);
  }, 60_000);

  test("say in one line what is wrong", async () => {
    const from = ["--calendar", "cal-smith", "--to", String(day), "--from"];
    expect(await run("block", ...from, "noon")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^--from must be a time such as .*\n$/),
    });
    const unknown = ["calendar", "blocks", "--tenant", "a0000000-0000-0000-0000-00000000000f"];
    expect(await runOperatorCommand(world.gatewayUrl, unknown)).toEqual({
      code: 1,
      stdout: "",
      stderr: "No such tenant.\n",
    });
    expect((await run("blocks", "--calendar", "nobody")).stderr).toBe("No such calendar.\n");
  }, 60_000);
});
