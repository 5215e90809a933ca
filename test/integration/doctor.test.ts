import { execFile } from "node:child_process";
import { join } from "node:path";
import { createAdminApi } from "@bookproof/launcher/client";
import { eventually } from "@bookproof/testing";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { z } from "zod";
import { adminToken, type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { flowOf } from "../support/journeys.ts";
import {
  clinic,
  clinicId,
  clinicOwner,
  clinicPhone,
  clinicToken,
  clinicVapiSecret,
  googleCalendar,
  plumber,
  plumberId,
  plumberOwner,
  plumberPhone,
  plumberToken,
} from "../support/tenants.ts";

jest.setTimeout(60_000);

const root = join(import.meta.dirname, "../..");
const calendarId = "smith@group.calendar.google.com";
const account = { sid: "AC00000000000000000000000000000001", authToken: clinicToken, phoneNumbers: [clinicPhone] };
const secrets = [clinicToken, plumberToken, clinicVapiSecret, adminToken, `grant-of-${calendarId}`];
const atGoogle = clinic(googleCalendar("cal-smith", "Dr. Smith", calendarId));

const reportSchema = z.object({
  parts: z.array(z.object({ part: z.string(), checks: z.array(z.looseObject({ status: z.string() })) })),
  summary: z.record(z.string(), z.number()),
});

let world: InProcessWorld;
beforeAll(async () => {
  world = await startInProcessWorld({ tenants: [atGoogle, plumber()], env: { SANDBOX: "true" } });
}, 60_000);
afterEach(async () => {
  world.twilio.faults.clear();
  world.google.faults.clear();
  world.twilio.setClockOffset(0);
  world.google.setClockOffset(0);
  world.twilio.setDelivery({});
  await world.applyTenant(atGoogle);
});
afterAll(() => world.close());

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the operator's command as a process. */
function doctor(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const known = { PUBLIC_URL: world.gatewayUrl, BOOTSTRAP_ADMIN_TOKEN: adminToken, ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["cli/src/main.ts", "doctor", ...args],
      { cwd: root, env: known },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const api = (token = adminToken) => createAdminApi(world.gatewayUrl, token);

/** What the gateway found of a tenant, its test alert looked at once; nothing it says holds a credential. */
async function examine(tenantId = clinicId) {
  const { parts, testAlertId } = await api().examineTenant(tenantId);
  const alert = testAlertId ? [(await api().readTestAlert(tenantId, testAlertId)).delivery] : [];
  const checks = [...parts, { part: "owner", checks: alert }].flatMap(({ part, checks }) =>
    checks.map((check) => ({ part, ...check })),
  );
  for (const secret of secrets) expect(JSON.stringify(checks)).not.toContain(secret);
  const failed = checks.filter(({ status }) => status === "failed");
  const find = (part: string, name: string) => checks.find((check) => check.part === part && check.name === name);
  return { checks, failed, find };
}

const testAlerts = (owner: string) => world.received(owner).filter((body) => body.startsWith("Bookproof TEST"));
const untilTestAlert = (owner: string, before: number) =>
  eventually("a test alert", () => testAlerts(owner)[before], 20_000);

describe("a tenant that is ready", () => {
  test("is found so by every part, its owner's reply acknowledges the test and is thanked for, and nothing is left behind", async () => {
    const before = testAlerts(clinicOwner).length;
    const running = doctor(["--tenant", clinicId, "--wait", "30"]);
    const alert = await untilTestAlert(clinicOwner, before);
    expect(alert).toMatch(/^Bookproof TEST for Smile Dental: .* Nothing is wrong\. Please reply OK\. Ref [A-Z2-9]{4}$/);
    expect(alert.length).toBeLessThanOrEqual(160);
    expect(await world.text(clinicOwner, clinicPhone, "ok, got it")).toBe(204);
    const { code, stdout } = await running;
    expect(stdout).not.toMatch(/^ {2}FAIL/m);
    expect(code).toBe(0);
    for (const part of ["gateway", "agent", "booking", "calendar", "notifier", "owner"])
      expect(stdout).toContain(`\n\n${part}\n`);
    expect(stdout).toMatch(/^ {2}ok +number \+15550100001 +It belongs to the account, and its texts come to http/m);
    expect(stdout).toMatch(/^ {2}ok +calendar cal-smith: delete +Dr\. Smith: It was deleted, and is gone\.$/m);
    expect(stdout).toMatch(/^ {2}ok +Vapi credential +A tool call with the secret is let in\.$/m);
    expect(stdout).toMatch(/^ {2}ok +acknowledgement +The owner has replied\.$/m);
    expect(stdout).toMatch(/^ {2}skipped +Kafka +Not used: KAFKA_BROKERS is not set\.$/m);
    expect(stdout).toMatch(/\n\d+ ok, \d+ warnings?, 0 failed, \d+ skipped\n$/);
    for (const secret of secrets) expect(stdout).not.toContain(secret);

    await eventually("the thanks", () => world.received(clinicOwner).some((body) => body.startsWith("Thank you.")));
    const { rows } = await world.database.query(
      `SELECT m.disposition, m.conversation_id, m.correlation_id = a.id::text AS same FROM agent.inbound_messages m
       JOIN agent.test_alerts a ON a.acknowledged_by = m.message_sid WHERE m.from_e164 = $1`,
      [clinicOwner],
    );
    expect(rows).toEqual([{ disposition: "test_alert_acknowledged", conversation_id: null, same: true }]);
    const { traces, conversations } = await flowOf(world, clinicOwner);
    expect(conversations).toEqual([]);
    expect(traces.map(({ stage, reason }) => `${stage} ${reason ?? ""}`)).toContain("SKIP test_alert_acknowledged");
    expect(world.google.ledger.events(calendarId).filter(({ status }) => status !== "cancelled")).toEqual([]);
    expect(world.google.ledger.writes().map(({ action }) => action)).toEqual(["insert", "delete"]);
  });

  test("with a calendar of our own leaves no live event", async () => {
    const { failed, find } = await examine(plumberId);
    expect(failed).toEqual([]);
    expect(find("calendar", "calendar cal-van: delete")?.status).toBe("ok");
    const { rows } = await world.database.query(
      "SELECT live, lower(time_range) > now() + interval '700 days' AS far FROM calendar.events WHERE tenant_id = $1",
      [plumberId],
    );
    expect(rows).toEqual([{ live: false, far: true }]);
  });

  test("is shown to its own admin, and is no tenant to another's", async () => {
    const admin = api(await api().createToken({ role: "tenant_admin", tenantId: plumberId }));
    const { tenant, testAlertId } = await admin.examineTenant(plumberId);
    expect(tenant).toEqual({ id: plumberId, name: "Harbor Plumbing" });
    expect((await admin.readTestAlert(plumberId, String(testAlertId))).delivery.status).toBe("ok");
    await expect(admin.examineTenant(clinicId)).rejects.toMatchObject({ status: 404, message: "No such tenant." });
    const others = (await api().examineTenant(clinicId)).testAlertId;
    for (const tenantId of [clinicId, plumberId])
      await expect(admin.readTestAlert(tenantId, String(others))).rejects.toMatchObject({ status: 404 });
  });
});

describe("one thing that is broken is named, with what to do", () => {
  test("the token of Twilio, and then no test alert is left waiting", async () => {
    const before = testAlerts(clinicOwner).length;
    world.twilio.addAccount({ ...account, authToken: "another-token-of-the-account" });
    const { find } = await examine();
    expect(find("notifier", "Twilio account")).toMatchObject({
      status: "failed",
      detail: "Twilio refuses the account or its token. (Twilio's code 20003)",
      whatToDo: expect.stringContaining("tenant apply FILE"),
    });
    expect(find("notifier", `number ${clinicPhone}`)?.status).toBe("skipped");
    expect(find("owner", "test alert")?.detail).toBe(
      "It was not sent. Twilio refuses the account or its token. (Twilio's code 20003)",
    );
    expect(testAlerts(clinicOwner)).toHaveLength(before);
    const { rows } = await world.database.query(
      "SELECT count(*)::int AS waiting FROM notifier.messages WHERE kind = 'test_alert' AND status IN ('pending', 'sending')",
    );
    expect(rows).toEqual([{ waiting: 0 }]);
  });

  test("a number of another account", async () => {
    world.twilio.addAccount({ ...account, phoneNumbers: ["+15550100777"] });
    const { find } = await examine();
    expect(find("notifier", `number ${clinicPhone}`)).toMatchObject({
      status: "failed",
      detail: "It does not belong to the Twilio account.",
      whatToDo: expect.stringContaining("phone_numbers"),
    });
  });

  test("a webhook elsewhere is a warning with the address to set", async () => {
    const numberSettings = { [clinicPhone]: { smsUrl: "https://else.example.com/sms?token=s3cret" } };
    world.twilio.addAccount({ ...account, numberSettings });
    const { failed, find, checks } = await examine();
    expect(failed).toEqual([]);
    expect(find("notifier", `number ${clinicPhone}`)).toMatchObject({
      status: "warning",
      detail: "Its webhook for texts is https://else.example.com/sms.",
      whatToDo: expect.stringContaining(`${world.gatewayUrl}/api/twilio/sms, HTTP POST`),
    });
    expect(JSON.stringify(checks)).not.toContain("s3cret");
  });

  test("a calendar that refuses events", async () => {
    world.google.faults.add({
      ...{ kind: "fail-before", status: 403, code: "forbidden" },
      match: { method: "POST", path: "/events" },
    });
    const { failed, find } = await examine();
    expect(failed.map(({ name }) => name)).toEqual(["calendar cal-smith: write"]);
    expect(failed[0]?.detail).toBe("Dr. Smith: The calendar refused the event. (calendar_refused)");
    expect(failed[0]?.whatToDo).toContain("Make changes to events");
    expect(find("calendar", "calendar cal-smith: delete")?.status).toBe("skipped");
  });

  test("a calendar whose event cannot be read back: it is deleted all the same", async () => {
    const writes = world.google.ledger.writes().length;
    world.google.faults.add({
      ...{ kind: "fail-before", status: 500, times: 1 },
      match: { method: "GET", path: "/events/doctor" },
    });
    const { failed } = await examine();
    expect(failed.map(({ name }) => name)).toEqual(["calendar cal-smith: read"]);
    expect(
      world.google.ledger
        .writes()
        .slice(writes)
        .map(({ action }) => action),
    ).toEqual(["insert", "delete"]);
  });

  test("a calendar that does not delete, with the event that is left", async () => {
    world.google.faults.add({ kind: "fail-before", status: 403, code: "forbidden", match: { method: "DELETE" } });
    const { failed } = await examine();
    expect(failed.map(({ name }) => name)).toEqual(["calendar cal-smith: delete"]);
    expect(failed[0]?.whatToDo).toMatch(/Delete the event "Bookproof test event, may be deleted" at \S+Z by hand/);
  });

  test("a calendar whose grant is gone", async () => {
    world.google.revokeGrant(`grant-of-${calendarId}`);
    world.google.expireAccessTokens();
    const { find } = await examine();
    expect(find("calendar", "calendar cal-smith: write")).toMatchObject({
      status: "failed",
      detail: expect.stringContaining("calendar_disconnected"),
      whatToDo: expect.stringContaining("Connect it again"),
    });
    expect(find("booking", "openings: consultation")).toMatchObject({ status: "warning" });
    world.google.restoreGrant(`grant-of-${calendarId}`);
    // Only another credential ends a disconnection.
    await world.database.query("UPDATE calendar.calendars SET disconnected_reason = ''");
  });

  test("clocks: a minute and more apart has failed, some seconds are a warning", async () => {
    world.twilio.setClockOffset(-120_000);
    world.google.setClockOffset(20_000);
    const { failed, find } = await examine();
    expect(failed.map(({ name }) => name)).toEqual(["clock against Twilio's"]);
    expect(failed[0]?.detail).toMatch(/^The clock of the notifier is 1(19|20)\.\d s ahead of Twilio's\.$/);
    expect(failed[0]?.whatToDo).toContain("NTP");
    expect(find("calendar", "clock against Google's")?.status).toBe("warning");
  });

  test("a test alert that does not arrive, with Twilio's code", async () => {
    world.twilio.setDelivery({ outcomes: { [clinicOwner]: { message: "undelivered", errorCode: 30003 } } });
    const { code, stdout } = await doctor(["--tenant", clinicId, "--wait", "20"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /FAIL +test alert +The test alert \S{4} to \*\*\*0900 did not arrive: undelivered, Twilio's code 30003\./,
    );
    expect(stdout).toMatch(/\n +Do: Look the code up at https:\/\/www\.twilio\.com\/docs\/api\/errors\/30003;/);
  });

  test("an owner who opted out", async () => {
    await world.notifier.recordOptOut({
      ...{ tenantId: clinicId, phone: clinicOwner, optedOut: true, keyword: "STOP", messageSid: "SM0" },
      receivedAt: new Date(),
    });
    const { find } = await examine();
    expect(find("notifier", "owner's phone")).toMatchObject({
      status: "failed",
      whatToDo: expect.stringContaining("Text START"),
    });
    expect(find("owner", "test alert")?.status).toBe("failed");
    await world.notifier.recordOptOut({
      ...{ tenantId: clinicId, phone: clinicOwner, optedOut: false, keyword: "START", messageSid: "SM1" },
      receivedAt: new Date(),
    });
  });

  test("a service that is down", async () => {
    await world.stop("calendar");
    const { find } = await examine();
    await world.start("calendar");
    expect(find("calendar", "service")).toMatchObject({
      status: "failed",
      detail: "The service calendar does not answer.",
      whatToDo: expect.stringContaining("start it"),
    });
    expect(find("booking", "database")?.status).toBe("ok");
  });

  test("a migration that the database lacks", async () => {
    const last = "SELECT name FROM public.bookproof_migrations ORDER BY name DESC LIMIT 1";
    const { rows } = await world.database.query(
      `DELETE FROM public.bookproof_migrations WHERE name = (${last}) RETURNING name`,
    );
    const { find } = await examine();
    await world.database.query("INSERT INTO public.bookproof_migrations (name) VALUES ($1)", [rows[0].name]);
    expect(find("booking", "database version")).toMatchObject({
      status: "failed",
      detail: `The database lacks ${rows[0].name}.`,
      whatToDo: expect.stringContaining("migrate"),
    });
  });

  test("a credential for calls that no request can carry", async () => {
    await world.applyTenant({
      ...atGoogle,
      vapi: { secret: `${clinicVapiSecret} `, hmacSecret: "", promptExtension: "" },
    });
    expect((await examine()).find("gateway", "Vapi credential")).toMatchObject({
      status: "failed",
      detail: "Our own route answers 401 to a tool call with the secret.",
      whatToDo: expect.stringContaining("at Vapi"),
    });
  });

  test("no credential for calls, and no opening, are warnings", async () => {
    const calendar = { ...googleCalendar("cal-smith", "Dr. Smith", calendarId), workingHours: [] };
    await world.applyTenant({ ...clinic(calendar), vapi: { secret: "", hmacSecret: "", promptExtension: "" } });
    const { failed, find } = await examine();
    expect(failed).toEqual([]);
    expect(find("gateway", "Vapi credential")).toMatchObject({
      status: "warning",
      detail: expect.stringContaining("no calls"),
    });
    expect(find("booking", "openings: consultation")).toMatchObject({
      status: "warning",
      detail: "Consultation: there is none within 60 days.",
      whatToDo: expect.stringContaining("working hours"),
    });
  });
});

describe("the owner's text", () => {
  test("is a customer's where no test alert waits, and where it waits for another phone", async () => {
    expect(await world.ask(plumberOwner, clinicPhone, "book me tomorrow morning")).toMatch(/Openings for/);
    await api().examineTenant(plumberId);
    await world.database.query("UPDATE agent.test_alerts SET created_at = created_at - interval '11 minutes'");
    expect(await world.ask(plumberOwner, plumberPhone, "I have a leak, can someone come tomorrow at 10am?")).toMatch(
      /name/i,
    );
    const { conversations } = await flowOf(world, plumberOwner);
    expect(conversations).toHaveLength(2);
  });

  test("acknowledges once: what comes after it is a customer's, and STOP stays STOP", async () => {
    await api().examineTenant(plumberId);
    await world.text(plumberOwner, plumberPhone, "STOP");
    await world.text(plumberOwner, plumberPhone, "START");
    expect(await world.ask(plumberOwner, plumberPhone, "fine")).toMatch(/^Thank you\./);
    await world.ask(plumberOwner, plumberPhone, "book me tomorrow morning");
    const { rows } = await world.database.query(
      "SELECT disposition FROM agent.inbound_messages WHERE tenant_id = $1 AND from_e164 = $2 ORDER BY received_at DESC LIMIT 4",
      [plumberId, plumberOwner],
    );
    expect(rows.map(({ disposition }) => disposition)).toEqual([
      "accepted",
      "test_alert_acknowledged",
      "opt_out_recorded",
      "opt_out_recorded",
    ]);
  });
});

test("--json is for programs; exit code 1 says that something failed", async () => {
  world.twilio.addAccount({ ...account, phoneNumbers: ["+15550100777"] });
  const { code, stdout } = await doctor(["--tenant", clinicId, "--wait", "0", "--json"]);
  expect(code).toBe(1);
  const { parts, summary } = reportSchema.parse(JSON.parse(stdout));
  expect(parts.map(({ part }) => part)).toEqual(["gateway", "agent", "booking", "calendar", "notifier", "owner"]);
  const failed = parts.flatMap(({ checks }) => checks.filter(({ status }) => status === "failed"));
  expect(failed).toHaveLength(Number(summary.failed));
  for (const secret of secrets) expect(stdout).not.toContain(secret);
});

test.each([
  [[], "required option '--tenant <id>' not specified"],
  [
    ["--tenant", clinicId, "--wait", "soon"],
    /--wait <seconds>.* It must be a whole number of seconds, from 0 to 600\.$/,
  ],
  [["--tenant", "nobody"], "No such tenant."],
  [["--tenant", "c0000000-0000-0000-0000-000000000009"], "No such tenant."],
])("doctor %j cannot look: one sentence, exit code 2", async (args, sentence) => {
  const { code, stdout, stderr } = await doctor(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.trimEnd()).toMatch(sentence);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
