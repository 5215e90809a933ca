import { createVapiCaller, type VapiExchange } from "@bookproof/simulators";
import {
  type CheckOptions,
  checkHistory,
  eventually,
  type HistoryReport,
  historyTenant,
  readHistories,
} from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { reachSummary } from "../support/journeys.ts";
import { clinic, clinicPhone, clinicVapiSecret, googleCalendar, plumber, plumberPhone } from "../support/tenants.ts";

const calendarId = "smith@group.calendar.google.com";
const tenants = [clinic(googleCalendar("cal-smith", "Dr. Smith", calendarId)), plumber()];
const [jane, bob, eve, caller] = ["+15551238001", "+15551238002", "+15551238003", "+15551238004"] as const;
let world: InProcessWorld;
let voice: VapiExchange[] = [];

beforeAll(async () => {
  world = await startInProcessWorld({ tenants });
}, 60_000);
afterAll(() => world.close());

/** The clinic's report, then the plumber's. */
async function judge(options: Partial<CheckOptions> = {}): Promise<HistoryReport[]> {
  const { database, twilio, google, mailbox } = world;
  const source = { databaseUrl: database.url, twilioUrl: twilio.url, googleUrl: google.url, mailboxUrl: mailbox.url };
  const requests = tenants.map((request, place) => ({
    tenant: historyTenant(request),
    voice: place === 0 ? voice : [],
  }));
  const given = { healedAt: Date.now(), attemptDeadlineMs: 6_000, ...options };
  return (await readHistories(source, requests)).map((history) => checkHistory(history, given));
}

/** What settles a moment after the customer was answered is waited for. */
const untilClean = () =>
  eventually("histories that hold", async () => {
    const reports = await judge();
    return reports.every(({ violations }) => violations.length === 0) && reports;
  });

test("journeys that were booked at Google, in the built-in calendar and by telephone hold", async () => {
  await reachSummary(world, jane, clinicPhone, "book me tomorrow morning");
  expect(await world.ask(jane, clinicPhone, "CONFIRM")).toMatch(/all set/);
  await reachSummary(world, bob, plumberPhone, "I have a leak, can someone come tomorrow at 10am?");
  expect(await world.ask(bob, plumberPhone, "CONFIRM")).toMatch(/all set/);
  voice = await bookByPhone();
  const [atClinic, atPlumber] = await untilClean();
  expect(atClinic?.counts).toMatchObject({ confirms: 2, booked: 2, escalated: 0, alerts: 0 });
  expect(atClinic?.counts.claims).toBeGreaterThanOrEqual(2);
  expect(atPlumber?.counts).toMatchObject({ confirms: 1, booked: 1, claims: 1 });
});

test("a failed attempt that reached its owner holds, and is counted", async () => {
  await reachSummary(world, eve, clinicPhone, "book me tomorrow afternoon");
  world.google.faults.add({ kind: "fail-before", status: 500, match: { method: "POST", path: "/events" } });
  await world.ask(eve, clinicPhone, "CONFIRM");
  world.google.faults.clear();
  const [atClinic] = await eventually("the escalation", async () => {
    const reports = await untilClean();
    return reports[0]?.counts.alerts === 1 && reports;
  });
  expect(atClinic?.counts).toMatchObject({ confirms: 3, booked: 2, escalated: 1 });
});

test("what Google, Twilio and our tables say against each other is seen", async () => {
  const invariants = async (options: Partial<CheckOptions> = {}) =>
    (await judge(options)).map(({ violations }) => [...new Set(violations.map(({ invariant }) => invariant))]);

  await world.database.query("UPDATE agent.conversations SET needs_human = false WHERE customer_phone = $1", [eve]);
  expect(await invariants()).toEqual([["no_silence"], []]);
  await world.database.query("UPDATE agent.conversations SET needs_human = true WHERE customer_phone = $1", [eve]);
  expect(await invariants({ blocklist: [bob] })).toEqual([[], ["no_text_after_stop"]]);

  await world.database.query("UPDATE calendar.events SET live = false, updated_at = now() WHERE live");
  expect(await invariants()).toEqual([[], ["no_silence", "one_event"]]);
  const [event] = world.google.ledger.events(calendarId).filter(({ status }) => status === "confirmed");
  world.google.changeByHand({ action: "delete", calendarId, eventId: event?.id ?? "" });
  expect((await invariants())[0]).toEqual([]);
  expect((await invariants({ readAt: Date.now() + 600_000 }))[0]).toEqual(expect.arrayContaining(["one_event"]));
});

async function bookByPhone(): Promise<VapiExchange[]> {
  const call = createVapiCaller({
    ...{ baseUrl: world.gatewayUrl, credential: { bearer: clinicVapiSecret }, dialect: "vapi" },
    ...{ callerNumber: caller, calledNumber: clinicPhone },
  });
  const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const { content } = await call.tool("check_availability", { date });
  const slotId = z.array(z.object({ time: z.string() })).parse(content.slots)[0]?.time;
  const reserved = await call.tool("reserve_atomic", { slotId, calendarId: "cal-smith", patientName: "John Smith" });
  const { holdId } = reserved.content;
  await call.tool("send_otp_code", { holdId });
  const code = await eventually("the code", () => /\b\d{4}\b/.exec(world.received(caller).join(" "))?.[0]);
  const { content: verified } = await call.tool("verify_otp", { holdId, providedOTP: code });
  await call.tool("send_confirmation_sms", { appointmentId: verified.appointmentId });
  await call.hangUp();
  return call.ledger();
}
