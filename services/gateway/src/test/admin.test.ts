import type { GetSmsFlowResponse } from "@bookproof/proto/agent";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { knownCid } from "./stand-ins.ts";
import { bootstrapToken, clinic, plumber, startGateway, type TestGateway } from "./start-gateway.ts";

const phone = "+15551230001";
const flow: GetSmsFlowResponse = {
  traces: [
    {
      id: 7n,
      tenantId: clinic.tenantId,
      cid: knownCid,
      fromE164: phone,
      toE164: "+15550100001",
      direction: "inbound",
      stage: "INBOUND",
      stageReason: "",
      payloadJson: '{"bodyLength":7}',
      createdAt: new Date("2026-03-02T14:00:00.000Z"),
      service: "agent",
    },
  ],
  conversations: [
    {
      conversationId: "conversation-1",
      tenantId: clinic.tenantId,
      cid: knownCid,
      customerPhone: phone,
      stage: "INBOUND",
      stageReason: "",
      lastError: "",
      lastTool: "",
      lastToolOk: true,
      needsHuman: false,
      updatedAt: new Date("2026-03-02T14:00:01.000Z"),
    },
  ],
};

let gateway: TestGateway;
let clinicToken: string;
let plumberToken: string;

async function createToken(body: unknown): Promise<string> {
  const answer = await gateway.call("POST", "/api/admin/tokens", { token: bootstrapToken, body });
  expect(answer.status).toBe(201);
  return String(answer.body.token);
}

beforeAll(async () => {
  gateway = await startGateway();
  gateway.world.flows.set(knownCid, flow).set(phone, flow);
  gateway.world.waiting.set(knownCid, clinic.tenantId);
  clinicToken = await createToken({ role: "tenant_admin", tenantId: clinic.tenantId });
  plumberToken = await createToken({ role: "tenant_admin", tenantId: plumber.tenantId });
});
afterAll(() => gateway.stop());

describe("signing in", () => {
  test.each([
    ["GET", "/api/debug/sms-flow?cid=x"],
    ["GET", "/api/debug/sms-flow/x"],
    ["GET", "/api/admin/tenants"],
    ["PUT", `/api/admin/tenants/${clinic.tenantId}`],
    ["POST", "/api/admin/tokens"],
    ["POST", "/api/conversations/resolve"],
    ["POST", "/api/calendars/feeds"],
    ["DELETE", "/api/calendars/feeds?calendarId=x"],
    ["GET", "/api/calendars/blocks"],
    ["POST", "/api/calendars/blocks"],
    ["DELETE", "/api/calendars/blocks/x"],
  ])("%s %s is refused with 401 without a token and with a wrong one", async (method, path) => {
    for (const token of [undefined, "", "bp_wrong", `${bootstrapToken}x`, "two words"]) {
      const answer = await gateway.call(method, path, { token });
      expect([answer.status, answer.body]).toEqual([
        401,
        { error: "Sign in first: the credential is missing or wrong." },
      ]);
    }
  });

  test("a token is shown once, stored as a hash, and of use until it is revoked", async () => {
    const token = await createToken({ role: "platform_owner" });
    expect(token).toMatch(/^bp_[\w-]{43}$/);
    const { rows } = await gateway.database.query("SELECT * FROM gateway.tokens");
    expect(JSON.stringify(rows)).not.toContain(token.slice(3));
    expect((await gateway.call("GET", "/api/admin/tenants", { token })).status).toBe(200);
    await gateway.database.query(
      "UPDATE gateway.tokens SET revoked_at = now() WHERE role = 'platform_owner' AND last_used_at IS NOT NULL",
    );
    expect((await gateway.call("GET", "/api/admin/tenants", { token })).status).toBe(401);
  });
});

describe("creating tokens", () => {
  test.each([
    [{ role: "tenant_admin" }, 400, "tenantId: is missing."],
    [{ role: "tenant_admin", tenantId: "me" }, 400, "tenantId: must be a UUID."],
    [{ role: "tenant_admin", tenantId: "a0000000-0000-0000-0000-00000000000f" }, 404, "No such tenant."],
    [{ role: "king" }, 400, "role: must be tenant_admin or platform_owner."],
    [{ role: "platform_owner", tenantId: clinic.tenantId }, 400, "tenantId: must not be given for a platform owner."],
    [[], 400, "request: must be a JSON object."],
  ])("%j is refused with %i", async (body, status, error) => {
    const answer = await gateway.call("POST", "/api/admin/tokens", { token: bootstrapToken, body });
    expect([answer.status, answer.body]).toEqual([status, { error }]);
  });

  test("is not for a tenant admin", async () => {
    const body = { role: "platform_owner" };
    expect((await gateway.call("POST", "/api/admin/tokens", { token: clinicToken, body })).status).toBe(403);
  });
});

describe("the trace of a journey", () => {
  test("is found by cid, with its traces and its conversation's stage", async () => {
    const answer = await gateway.call("GET", `/api/debug/sms-flow/${knownCid}`, { token: clinicToken });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      cid: knownCid,
      traces: [
        {
          id: 7,
          tenantId: clinic.tenantId,
          cid: knownCid,
          from: phone,
          to: "+15550100001",
          direction: "inbound",
          stage: "INBOUND",
          reason: "",
          payload: { bodyLength: 7 },
          service: "agent",
          createdAt: "2026-03-02T14:00:00.000Z",
        },
      ],
      conversations: [{ ...flow.conversations[0], updatedAt: "2026-03-02T14:00:01.000Z" }],
    });
  });

  test.each([
    "+15551230001",
    "%2B15551230001",
    "15551230001",
    "0015551230001",
    "tel:+1-555-123-0001",
    "%2B1%20(555)%20123-0001",
    "+1%C2%A0555.123/0001",
    encodeURIComponent("\u202a+1 555\u2011123\u20110001\u202c"),
  ])("is found by the phone %s", async (written) => {
    const path = `/api/debug/sms-flow?phone=${written}&limit=5`;
    expect((await gateway.call("GET", path, { token: bootstrapToken })).status).toBe(200);
    expect(gateway.world.flowQueries.at(-1)).toEqual({
      tenantId: "",
      subject: { $case: "phone", value: phone },
      limit: 5,
    });
  });

  test("of a short code is looked for by the code as it is", async () => {
    await gateway.call("GET", "/api/debug/sms-flow?phone=26-2966", { token: bootstrapToken });
    expect(gateway.world.flowQueries.at(-1)?.subject).toEqual({ $case: "phone", value: "262966" });
  });

  test("comes with what is not known of its conversation said to be unknown", async () => {
    const [conversation] = flow.conversations;
    if (!conversation) throw new Error("the flow has a conversation");
    gateway.world.flows.set("no-tool-yet", { traces: [], conversations: [{ ...conversation, lastToolOk: undefined }] });
    const answer = await gateway.call("GET", "/api/debug/sms-flow/no-tool-yet", { token: clinicToken });
    expect(answer.body).toMatchObject({ cid: "no-tool-yet", traces: [], conversations: [{ lastToolOk: null }] });
  });

  test.each([
    ["", 0],
    ["&limit=1", 1],
    ["&limit=1000", 1_000],
  ])("is asked for with '%s' as %i rows, 0 being the usual number", async (query, limit) => {
    await gateway.call("GET", `/api/debug/sms-flow?cid=${knownCid}${query}`, { token: clinicToken });
    expect(gateway.world.flowQueries.at(-1)).toEqual({
      tenantId: clinic.tenantId,
      subject: { $case: "cid", value: knownCid },
      limit,
    });
  });

  test("is another tenant's: 404, as if there were none", async () => {
    const path = `/api/debug/sms-flow?cid=${knownCid}`;
    const other = await gateway.call("GET", path, { token: plumberToken });
    const unknown = await gateway.call("GET", "/api/debug/sms-flow?cid=nobody", { token: plumberToken });
    expect(other.status).toBe(404);
    expect(other.text).toBe(unknown.text);
    const named = await gateway.call("GET", `${path}&tenantId=${clinic.tenantId}`, { token: plumberToken });
    expect([named.status, named.body]).toEqual([404, { error: "No such tenant." }]);
    expect((await gateway.call("GET", `${path}&tenantId=${clinic.tenantId}`, { token: clinicToken })).status).toBe(200);
  });

  test("is narrowed to a tenant by a platform owner", async () => {
    const asked = (query: string) =>
      gateway.call("GET", `/api/debug/sms-flow/${knownCid}?${query}`, { token: bootstrapToken });
    expect((await asked(`tenantId=${plumber.tenantId}`)).status).toBe(404);
    for (const query of ["", "tenantId=", `tenantId=${clinic.tenantId}`, `tenantId=${clinic.tenantId.toUpperCase()}`])
      expect([query, (await asked(query)).status]).toEqual([query, 200]);
    expect(gateway.world.flowQueries.at(-1)?.tenantId).toBe(clinic.tenantId);
  });

  test.each([
    "cid=SECRETVALUE",
    "cid=SECRETVALUE%00",
    "cid=<SECRETVALUE>",
    "phone=%2B15557654321",
    "phone=15557654321",
  ])("of %s, which nobody knows, is 404 and the value is not repeated", async (query) => {
    const answer = await gateway.call("GET", `/api/debug/sms-flow?${query}`, { token: bootstrapToken });
    expect([answer.status, answer.body]).toEqual([404, { error: "Nothing is known under that cid or phone number." }]);
  });

  test.each([
    ["", "Give a cid or a phone number."],
    ["cid=&phone=", "Give a cid or a phone number."],
    ["cid=a&phone=5551230001", "Give either cid or phone, not both."],
    ["cid=a&cid=b", "cid: must be given once."],
    ["phone=5551230001&phone=5551230002", "phone: must be given once."],
    ["phone=SECRETVALUE", "phone must be a phone number like +15551230001."],
    ["phone=12", "phone must be a phone number like +15551230001."],
    ["phone=%2B05551230001", "phone must be a phone number like +15551230001."],
    ["phone=1234567890123456", "phone must be a phone number like +15551230001."],
    ["cid=a&limit=0", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=1001", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=-5", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=0x10", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=1e2", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=5&limit=6", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=1.5", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&limit=many", "limit: must be a whole number from 1 to 1000."],
    ["cid=a&tenantId=mine", "tenantId: must be a UUID."],
  ])("asked for by '%s' is refused with 400", async (query, error) => {
    const answer = await gateway.call("GET", `/api/debug/sms-flow?${query}`, { token: bootstrapToken });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });

  test.each([
    ["/?", "Give a cid or a phone number."],
    [`/${knownCid}?phone=5551230001`, "Give either cid or phone, not both."],
    [`/${knownCid}?cid=another`, "Give the cid once."],
    [`/${knownCid}?limit=0`, "limit: must be a whole number from 1 to 1000."],
  ])("asked for by the path %s is refused with 400", async (path, error) => {
    const answer = await gateway.call("GET", `/api/debug/sms-flow${path}`, { token: bootstrapToken });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });
});

describe("resolving a conversation", () => {
  const resolve = (token: string, body: unknown) => gateway.call("POST", "/api/conversations/resolve", { token, body });

  test("is done by its tenant's admin and by a platform owner", async () => {
    for (const token of [clinicToken, bootstrapToken]) {
      const answer = await resolve(token, { cid: knownCid });
      expect([answer.status, answer.body]).toEqual([200, { resolved: true }]);
    }
  });

  test("of another tenant or of an unknown cid is 404; without a cid it is 400", async () => {
    expect((await resolve(plumberToken, { cid: knownCid })).status).toBe(404);
    expect((await resolve(bootstrapToken, { cid: "nobody" })).status).toBe(404);
    expect((await resolve(bootstrapToken, { cid: "\u0000\ud800" })).status).toBe(404);
    for (const body of [{}, { cid: 7 }, { cid: "" }, [], "null"])
      expect((await resolve(bootstrapToken, body)).status).toBe(400);
  });
});

describe("what cannot be understood", () => {
  test("is refused in one sentence, without a stack or what was sent", async () => {
    const post = (body: string) => gateway.call("POST", "/api/admin/tokens", { token: bootstrapToken, body });
    const malformed = await post('{"role": SECRETVALUE');
    expect([malformed.status, malformed.body]).toEqual([400, { error: "The body is not valid JSON." }]);
    const large = await post(JSON.stringify("x".repeat(257 * 1024)));
    expect([large.status, large.body]).toEqual([413, { error: "The body is too large." }]);
    const polluting = await post('{"__proto__": {"role": "platform_owner"}}');
    expect([polluting.status, polluting.body]).toEqual([400, { error: "The body is not valid JSON." }]);
    const nowhere = await gateway.call("GET", "/api/SECRETVALUE");
    expect([nowhere.status, nowhere.body]).toEqual([404, { error: "There is nothing here." }]);
    const badUrl = await gateway.call("GET", "/SECRETVALUE%zz");
    expect([badUrl.status, badUrl.body]).toEqual([400, { error: "The URL is not valid." }]);
  });

  test("fails inside with a fixed text: 503 while the database is away, 500 for a defect", async () => {
    const path = `/api/debug/sms-flow/${knownCid}`;
    await gateway.database.query("ALTER FUNCTION gateway.authenticate_token RENAME TO authenticate_token_away");
    const noDatabase = await gateway.call("GET", path, { token: clinicToken });
    await gateway.database.query("ALTER FUNCTION gateway.authenticate_token_away RENAME TO authenticate_token");
    expect([noDatabase.status, noDatabase.body]).toEqual([
      503,
      { error: "Not available right now, try again shortly." },
    ]);
    const [trace] = flow.traces;
    if (!trace) throw new Error("the flow has a trace");
    gateway.world.flows.set("broken", { traces: [{ ...trace, payloadJson: "{" }], conversations: [] });
    const defect = await gateway.call("GET", "/api/debug/sms-flow/broken", { token: bootstrapToken });
    expect([defect.status, defect.body]).toEqual([500, { error: "Something went wrong on our side." }]);
  });
});
