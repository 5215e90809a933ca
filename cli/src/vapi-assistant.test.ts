import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createProgram } from "./program.ts";
import { UsageError } from "./usage-error.ts";

const tenantId = "a0000000-0000-0000-0000-000000000001";
const assistant = { name: "Smile Dental", firstMessage: "Hi!", model: { provider: "openai", model: "gpt-4o" } };

/** An HTTP server that answers JSON by `METHOD path`. */
async function listen(answer: (route: string, body: string, authorization: string) => [number, unknown]) {
  const server = createServer(async (request, response) => {
    const route = `${request.method} ${request.url?.split("?", 1)[0]}`;
    const [status, body] = answer(route, await text(request), request.headers.authorization ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}` };
}

let gateway: { server: Server; url: string };
let vapi: { server: Server; url: string };
let stored: Record<string, unknown>[] = [];
beforeAll(async () => {
  gateway = await listen((route) =>
    route === `GET /api/admin/tenants/${tenantId}/assistant`
      ? [200, { assistant }]
      : [404, { error: "No such tenant." }],
  );
  vapi = await listen((route, body, authorization) => {
    if (authorization !== "Bearer vapi-key") return [401, { message: ["Invalid key.", "Hot tip:\n check it."] }];
    if (route === "GET /assistant") return [200, stored];
    if (route === "POST /assistant") {
      stored.push({ id: `id-${stored.length}`, ...JSON.parse(body) });
      return [201, stored.at(-1)];
    }
    const known = stored.find(({ id }) => route === `PATCH /assistant/${id}`);
    return known ? [200, Object.assign(known, JSON.parse(body))] : [404, { message: "Not found" }];
  });
});
afterAll(() => {
  for (const { server } of [gateway, vapi]) server.close().closeAllConnections();
});
beforeEach(() => {
  stored = [{ id: "other", name: "Somebody else's" }];
});

async function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const lines: string[] = [];
  const known = { PUBLIC_URL: gateway.url, BOOTSTRAP_ADMIN_TOKEN: "x".repeat(16), ...env };
  await createProgram(known, (line) => lines.push(line)).parseAsync(["vapi", "assistant", ...args], { from: "user" });
  return lines.join("\n");
}
const push = (key = "vapi-key") =>
  run(["--tenant", tenantId, "--push"], { VAPI_API_KEY: key, VAPI_BASE_URL: vapi.url });

test("prints the assistant as Vapi's API takes it", async () => {
  expect(await run(["--tenant", tenantId])).toBe(JSON.stringify(assistant, null, 2));
});

test("passes on that there is no such tenant", async () => {
  await expect(run(["--tenant", "b"])).rejects.toThrow("No such tenant.");
});

test("--push creates the assistant once, and updates it by its name from then on", async () => {
  expect(await push()).toBe("created  id-1  Smile Dental");
  Object.assign(stored[1] ?? {}, { firstMessage: "changed by hand" });
  expect(await push()).toBe("updated  id-1  Smile Dental");
  expect(stored).toEqual([
    { id: "other", name: "Somebody else's" },
    { id: "id-1", ...assistant },
  ]);
});

test("--push touches nothing when the name does not tell which assistant is meant", async () => {
  stored = [
    { id: "one", name: assistant.name },
    { id: "two", name: assistant.name },
  ];
  await expect(push()).rejects.toThrow('Vapi has several assistants named "Smile Dental": delete all but one.');
  expect(stored).toEqual([
    { id: "one", name: assistant.name },
    { id: "two", name: assistant.name },
  ]);
});

test.each<[string, () => Promise<string>, string]>([
  [
    "without a key",
    () => run(["--tenant", tenantId, "--push"], { VAPI_BASE_URL: vapi.url }),
    "No key of Vapi is known: set VAPI_API_KEY.",
  ],
  ["with a wrong key", () => push("wrong"), "Vapi refused with 401: Invalid key.; Hot tip: check it."],
  [
    "with nobody there",
    () => run(["--tenant", tenantId, "--push"], { VAPI_API_KEY: "k", VAPI_BASE_URL: "http://127.0.0.1:9" }),
    "Vapi cannot be reached.",
  ],
])("--push %s says so in one line", async (_how, pushing, line) => {
  await expect(pushing()).rejects.toThrow(new UsageError(line));
});
