import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startGateway, type TestGateway } from "./start-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

test("health and liveness ask nobody else", async () => {
  expect((await gateway.call("GET", "/api/health")).body).toEqual({ status: "ok" });
  expect((await gateway.call("GET", "/livez")).status).toBe(200);
});

test("readiness names what is missing", async () => {
  const ready = await gateway.call("GET", "/readyz");
  expect([ready.status, ready.body]).toEqual([200, { status: "ready" }]);
  await Promise.all([gateway.agent.server.stop(), gateway.calendar.server.stop()]);
  const missing = await gateway.call("GET", "/readyz");
  expect([missing.status, missing.body]).toEqual([503, { status: "not ready", missing: ["agent", "calendar"] }]);
});

test("the first page says what runs, and there is no sandbox unless it is on", async () => {
  const home = await fetch(gateway.url);
  expect([home.status, home.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(await home.text()).not.toContain("/sandbox");
  for (const path of ["/sandbox", "/sandbox/api/tenants", "/sandbox/api/messages?numbers=1"])
    expect((await gateway.call("GET", path)).status).toBe(404);
});
