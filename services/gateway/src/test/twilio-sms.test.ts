import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { clinic, plumber, postSigned, smsForm, startGateway, type TestGateway } from "./start-gateway.ts";

const path = "/api/twilio/sms";

describe("an inbound text", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ publicUrl: "https://bookproof.example" });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    gateway.world.received.length = 0;
  });

  test("is handed to the agent as it was sent, and answered 204", async () => {
    const response = await postSigned(gateway, path, smsForm({ NumMedia: "2", OptOutType: "HELP" }));
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(gateway.world.received).toEqual([
      {
        tenantId: clinic.tenantId,
        messageSid: "SM00000000000000000000000000000001",
        from: "+15551230001",
        to: "+15550100001",
        body: "Book me tomorrow morning",
        numMedia: 2,
        optOutType: "HELP",
        leftToHuman: false,
      },
    ]);
  });

  test("is verified against PUBLIC_URL with its exact query, whatever the Host header says", async () => {
    const odd = `${path}?b=%27x%20y&a=1%2b1&b=`;
    expect((await postSigned(gateway, odd, smsForm())).status).toBe(204);
    const overHost = { ...gateway, publicUrl: gateway.url };
    expect((await postSigned(overHost, path, smsForm())).status).toBe(403);
  });

  test.each([
    ["no signature", { signature: undefined }],
    ["an empty signature", { signature: "" }],
    ["a made-up signature", { signature: "bm90IHRoZSBzaWduYXR1cmU=" }],
    ["another tenant's token", { authToken: plumber.twilio?.authToken ?? "" }],
  ])("with %s is refused with 403 and goes no further", async (_what, options) => {
    const response = await postSigned(gateway, path, smsForm(), options);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: "The X-Twilio-Signature is missing or wrong." });
    expect(gateway.world.received).toEqual([]);
  });

  test("whose signature is of another form is refused with 403", async () => {
    const { default: twilio } = await import("twilio");
    const url = gateway.publicUrl + path;
    const signature = twilio.getExpectedTwilioSignature(clinic.twilio?.authToken ?? "", url, smsForm());
    expect((await postSigned(gateway, path, smsForm({ Body: "CONFIRM" }), { signature })).status).toBe(403);
  });

  test("to a number nobody has is answered 404", async () => {
    const response = await postSigned(gateway, path, smsForm({ To: "+15559999999" }));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: "No business here has that number." });
  });

  test.each([
    ["MessageSid", "", "MessageSid: is missing."],
    ["From", "", "From: is missing."],
    ["To", "\0", "To: is missing."],
    ["MessageSid", "S".repeat(65), "MessageSid: is longer than 64 characters."],
    ["MessageSid", "Jane Roe", "MessageSid: is no SID of a message."],
    ["Body", "x".repeat(1601), "Body: is longer than 1600 characters."],
  ])(
    "with a bad %s is refused with 400 and one sentence, before its signature is looked at",
    async (field, value, says) => {
      const response = await postSigned(gateway, path, smsForm({ [field]: value }), { signature: undefined });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: says });
    },
  );

  test("without any field is refused with 400", async () => {
    expect((await postSigned(gateway, path, {})).status).toBe(400);
  });

  test("with a field that stands twice is refused with 400", async () => {
    const body = new URLSearchParams([...Object.entries(smsForm()), ["From", "+15551230002"]]);
    expect((await fetch(gateway.url + path, { method: "POST", body })).status).toBe(400);
  });

  test.each([
    ["an empty body", "", ""],
    ["an emoji family", "👨‍👩‍👧‍👦 at 9?", "👨‍👩‍👧‍👦 at 9?"],
    ["1600 characters", "é".repeat(1600), "é".repeat(1600)],
    ["right-to-left text", "אני רוצה תור למחר ‏בבוקר", "אני רוצה תור למחר ‏בבוקר"],
    ["NULs, which Postgres cannot store", "CON\0FIRM\0", "CONFIRM"],
    ["signs of a form and of HTML", "a=b&c+d %zz <b>\r\n", "a=b&c+d %zz <b>\r\n"],
  ])("with %s is taken in", async (_what, body, stored) => {
    expect((await postSigned(gateway, path, smsForm({ Body: body }))).status).toBe(204);
    expect(gateway.world.received.map((sms) => sms.body)).toEqual([stored]);
  });

  test.each(["Body=%00%ff%fe%ed%a0%80", "%", "&&&=", "MessageSid[]=1&__proto__=2"])(
    "of broken bytes (%s) is refused with a 4xx",
    async (bytes) => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const { status } = await fetch(gateway.url + path, { method: "POST", headers, body: bytes });
      expect([400, 403]).toContain(status);
    },
  );

  test("over 64 KiB is refused with 413", async () => {
    const response = await postSigned(gateway, path, smsForm({ Body: "x".repeat(65 * 1024) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ error: "The body is too large." });
  });

  test("that is no form is refused with 415", async () => {
    expect((await gateway.call("POST", path, { body: smsForm() })).status).toBe(415);
  });

  test.each(["GET", "PUT", "DELETE"])("by %s is answered 405 with what is allowed", async (method) => {
    const response = await fetch(gateway.url + path, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("cannot bring a correlation id of its own", async () => {
    gateway.world.cidsSeen.length = 0;
    await postSigned(gateway, path, smsForm(), { headers: { baggage: "cid=forged" } });
    expect(gateway.world.cidsSeen).toEqual([undefined]);
  });

  test("to a number added a moment ago is taken in at once", async () => {
    const added = { ...plumber, tenantId: "c0000000-0000-0000-0000-000000000003", phoneNumbers: ["+15550100003"] };
    gateway.world.connections = [...gateway.world.connections, added];
    const authToken = added.twilio?.authToken ?? "";
    const status = async () => (await postSigned(gateway, path, smsForm({ To: "+15550100003" }), { authToken })).status;
    // The look-up of the test above may have used up this second's.
    let seen = await status();
    for (const deadline = Date.now() + 3_000; seen === 404 && Date.now() < deadline; ) seen = await status();
    expect(seen).toBe(204);
  });
});

test("a text to a tenant without an auth token is refused, even when signed with the empty token", async () => {
  const gateway = await startGateway({
    connections: [{ ...clinic, twilio: { accountSid: "AC1", authToken: "" } }],
  });
  expect((await postSigned(gateway, path, smsForm(), { authToken: "" })).status).toBe(403);
  await gateway.stop();
});

describe("when services behind the gateway die", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.stop());

  test("texts are taken in without booking: what is known of tenants never expires", async () => {
    await gateway.booking.server.stop();
    expect((await postSigned(gateway, path, smsForm())).status).toBe(204);
  });

  test("an unknown number is not called unknown while booking cannot be asked", async () => {
    expect((await postSigned(gateway, path, smsForm({ To: "+15559999999" }))).status).toBe(503);
  });

  test("without the agent the owner is alerted and the customer hears that a human will text", async () => {
    await gateway.agent.server.stop();
    const began = performance.now();
    const first = await postSigned(gateway, path, smsForm());
    expect(performance.now() - began).toBeLessThan(6_000);
    expect([first.status, first.headers.get("content-type")]).toEqual([200, "text/xml"]);
    expect(await first.text()).toBe(
      "<Response><Message>I hit a snag confirming this. A human will text you shortly.</Message></Response>",
    );
    await postSigned(gateway, path, smsForm());
    const alerts = gateway.world.alerts;
    expect(alerts).toHaveLength(2);
    expect(alerts[0]).toMatchObject({
      tenantId: clinic.tenantId,
      reason: "turn_failed",
      requested: { customerPhone: "+15551230001" },
    });
    // The same message is the same escalation, by its cid and reason.
    expect(alerts[1]?.cid).toBe(alerts[0]?.cid);
  });

  test("without agent and notifier the text is refused with 503, for Twilio to try elsewhere", async () => {
    await gateway.notifier.server.stop();
    expect((await postSigned(gateway, path, smsForm())).status).toBe(503);
  });
});
