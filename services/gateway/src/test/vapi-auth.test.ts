import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { call, goodArguments, postVapi, seedBody, toolCallsBody, toolUrl, webhookUrl } from "./post-vapi.ts";
import { clinic, plumber, startGateway, type TestGateway } from "./start-gateway.ts";

const sharedSecret = "platform-wide-secret";
const shared = (tenantId: string, phoneNumbers: string[]) => ({
  ...clinic,
  tenantId,
  phoneNumbers,
  vapi: { secret: sharedSecret, hmacSecret: "", promptExtension: "" },
});
const north = shared("c0000000-0000-0000-0000-000000000003", ["+15550100003"]);
const south = shared("d0000000-0000-0000-0000-000000000004", ["+15550100004"]);
const silent = { ...shared("e0000000-0000-0000-0000-000000000005", ["+15550100005"]), vapi: undefined };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ connections: [clinic, plumber, north, south, silent] });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.world.voice.asked.length = 0;
  gateway.world.voice.refusals.length = 0;
});

const body = JSON.stringify(seedBody({ holdId: "h" }));
const url = toolUrl("send_otp_code");
const post = (headers: Record<string, string>, sent: string | object = body) => postVapi(gateway, url, sent, headers);

function signed(options: { secret?: string; timestamp?: number; over?: string; prefix?: string } = {}) {
  const { secret = "clinic-hmac-secret", timestamp = Date.now(), over = body, prefix = "" } = options;
  const signature = createHmac("sha256", secret).update(`${timestamp}.${over}`).digest("hex");
  return { "x-signature": prefix + signature, "x-timestamp": String(timestamp) };
}
const seconds = () => Math.floor(Date.now() / 1_000);

describe("a tenant's credential is accepted", () => {
  test.each<[string, () => Record<string, string>]>([
    ["as a bearer token", () => ({ authorization: "Bearer clinic-vapi-secret" })],
    ["as X-Vapi-Secret", () => ({ "x-vapi-secret": "clinic-vapi-secret" })],
    ["as X-Vapi-Secret with a Bearer prefix", () => ({ "x-vapi-secret": "Bearer clinic-vapi-secret" })],
    ["beside a wrong one", () => ({ authorization: "Bearer x", "x-vapi-secret": "clinic-vapi-secret" })],
    ["as an HMAC with milliseconds", () => signed()],
    ["as an HMAC with seconds", () => signed({ timestamp: seconds() })],
    ["as an HMAC with a prefix", () => signed({ prefix: "sha256=" })],
    ["as an HMAC of four minutes ago", () => signed({ timestamp: seconds() - 240 })],
  ])("%s", async (_how, headers) => {
    expect((await post(headers())).status).toBe(200);
    expect(gateway.world.voice.asked).toMatchObject([{ request: { caller: { tenantId: clinic.tenantId } } }]);
  });
});

describe("a credential is refused with 401 and goes no further", () => {
  test.each<[string, () => Record<string, string>]>([
    ["when there is none", () => ({})],
    ["when it is empty", () => ({ authorization: "Bearer ", "x-vapi-secret": "" })],
    ["when it is wrong", () => ({ authorization: "Bearer clinic-vapi-secre" })],
    ["when it is an operator's", () => ({ authorization: "Bearer bootstrap-token-of-the-tests" })],
    ["when the HMAC secret is sent as it is", () => ({ authorization: "Bearer clinic-hmac-secret" })],
    ["when the HMAC is of another body", () => signed({ over: "{}" })],
    ["when the HMAC is of another secret", () => signed({ secret: "clinic-vapi-secret" })],
    ["when the HMAC is of an empty secret", () => signed({ secret: "" })],
    ["when the HMAC is six minutes old", () => signed({ timestamp: Date.now() - 360_000 })],
    ["when the HMAC is of the future", () => signed({ timestamp: seconds() + 360 })],
    ["when the timestamp is not the one that was signed", () => ({ ...signed(), "x-timestamp": String(seconds()) })],
    ["when the timestamp is missing", () => ({ "x-signature": signed()["x-signature"] })],
    ["when the signature is cut short", () => ({ ...signed(), "x-signature": signed()["x-signature"].slice(0, 62) })],
  ])("%s", async (_how, headers) => {
    const answer = await post(headers());
    expect([answer.status, answer.body]).toEqual([
      401,
      { error: "Sign in first: the credential is missing or wrong." },
    ]);
    expect(gateway.world.voice.asked).toEqual([]);
  });

  test("before the body is read, on every URL", async () => {
    for (const path of [url, webhookUrl]) expect((await postVapi(gateway, path, "{", {})).status).toBe(401);
  });
});

describe("the tenant", () => {
  const bearer = { authorization: `Bearer ${sharedSecret}` };
  const calling = (number: string, given = {}) =>
    toolCallsBody([{ id: "a", name: "check_availability", arguments: given }], {
      call: { ...call, phoneNumber: { number } },
    });
  const tenants = () => gateway.world.voice.asked.map(({ request }) => (request as { caller: object }).caller);

  test("of a shared credential is decided by the called number", async () => {
    await post(bearer, calling("+15550100003"));
    await post(bearer, calling("+15550100004"));
    expect(tenants()).toMatchObject([{ tenantId: north.tenantId }, { tenantId: south.tenantId }]);
  });

  test("of a shared credential without a call is the one that is named, if it has the credential", async () => {
    expect((await post(bearer, seedBody({ holdId: "h", tenantId: south.tenantId }))).status).toBe(200);
    expect(tenants()).toMatchObject([{ tenantId: south.tenantId }]);
    for (const tenantId of [clinic.tenantId, ""])
      expect((await post(bearer, seedBody({ holdId: "h", tenantId }))).status).toBe(404);
  });

  test("cannot be another than the credential's: a call to its number is refused in Vapi's words, and traced", async () => {
    for (const number of [plumber.phoneNumbers[0], silent.phoneNumbers[0]]) {
      const answer = await post({ "x-vapi-secret": "clinic-vapi-secret" }, calling(number ?? ""));
      const results = [{ toolCallId: "a", name: "check_availability", error: "NOT BOOKED: No such tenant." }];
      expect([answer.status, answer.body]).toEqual([200, { results }]);
    }
    expect(gateway.world.voice.asked).toEqual([]);
    const caller = { tenantId: clinic.tenantId, calledPhone: "+15550100002" };
    expect(gateway.world.voice.refusals[0]).toMatchObject({ caller, reason: "tenant_not_found" });
  });

  test("is the credential's where the called number is nobody's here", async () => {
    await post({ "x-vapi-secret": "clinic-vapi-secret" }, calling("+15558888888"));
    expect(tenants()).toMatchObject([{ tenantId: clinic.tenantId, calledPhone: "+15558888888" }]);
  });

  test("added a moment ago is let in at once", async () => {
    const added = shared("f0000000-0000-0000-0000-000000000006", ["+15550100006"]);
    added.vapi.secret = "a-new-secret";
    gateway.world.connections = [...gateway.world.connections, added];
    const status = async () => (await post({ authorization: "Bearer a-new-secret" })).status;
    // A wrong credential of the tests above may have used up this second's look-up.
    let seen = await status();
    for (const deadline = Date.now() + 3_000; seen === 401 && Date.now() < deadline; ) seen = await status();
    expect(seen).toBe(200);
  });
});

test("a thousand reservations at once are all answered, none with 429 or 5xx", async () => {
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () =>
      postVapi(gateway, toolUrl("reserve_atomic"), seedBody(goodArguments.reserve_atomic)),
    ),
  );
  expect(new Set(answers.map(({ status, body: { speech } }) => `${status} ${speech}`))).toEqual(
    new Set(["200 Perfect! I've held that time for you."]),
  );
}, 60_000);
