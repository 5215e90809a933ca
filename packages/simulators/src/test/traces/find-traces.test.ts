import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { JaegerTrace } from "../../traces/jaeger-trace.ts";
import { startTraceBackend, type TraceBackend } from "../../traces/start-trace-backend.ts";
import { micros, sendJourney } from "./journey.ts";
import { exportOf, get, post, spanId, traceA, traceB } from "./otlp.ts";

let backend: TraceBackend;
beforeAll(async () => {
  backend = await startTraceBackend();
  await sendJourney(backend.url);
});
afterAll(() => backend.close());

async function search(query: Record<string, string>): Promise<JaegerTrace[]> {
  const response = await fetch(`${backend.url}/api/traces?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  const { data, ...rest } = (await response.json()) as { data: JaegerTrace[] };
  expect(rest).toEqual({ total: 0, limit: 0, offset: 0, errors: null });
  return data;
}
const idsOf = (traces: JaegerTrace[]) => traces.map(({ traceID }) => traceID);
const tags = (record: Record<string, string>) => JSON.stringify(record);

describe("a search", () => {
  test("finds a trace by a tag in any of its services, newest trace first", async () => {
    const byCid = { tags: tags({ cid: "c1" }) };
    expect(idsOf(await search({ service: "agent", ...byCid }))).toEqual([traceB, traceA]);
    expect(idsOf(await search({ service: "booking", ...byCid }))).toEqual([traceA]);
    expect(idsOf(await search({ service: "gateway", lookback: "1h" }))).toEqual([traceA]);
    expect(await search({ service: "notifier", ...byCid })).toEqual([]);
    expect(backend.traces({ tags: { cid: "c1" } }).map(({ traceId }) => traceId)).toEqual([traceB, traceA]);
  });

  test("wants one span of the service to carry all the tags", async () => {
    expect(idsOf(await search({ service: "booking", tags: tags({ cid: "c1", tenant: "t1" }) }))).toEqual([traceA]);
    expect(await search({ service: "agent", tags: tags({ cid: "c1", tenant: "t1" }) })).toEqual([]);
    expect(await search({ service: "agent", tags: tags({ constructor: "c1" }) })).toEqual([]);
    expect(backend.traces({ service: "agent", tags: { tenant: "t1" } })).toEqual([]);
  });

  test.each([
    ["agent", { attempt: "2" }],
    ["booking", { "span.kind": "server", error: "true", share: "0.5" }],
    ["agent", { slot: "s1" }],
    ["gateway", { "host.name": "box" }],
  ])("looks into kind, status, events and resource: %s %j", async (service, wanted) => {
    expect(idsOf(await search({ service, tags: tags(wanted) }))).toContain(traceA);
  });

  test("takes single tags, an operation and bounds of the start", async () => {
    expect(idsOf(await search({ service: "agent", tag: "attempt:2" }))).toEqual([traceA]);
    expect(idsOf(await search({ service: "agent", operation: "remind" }))).toEqual([traceB]);
    expect(idsOf(await search({ service: "agent", start: String(micros(2)) }))).toEqual([traceB]);
    expect(idsOf(await search({ service: "agent", end: String(micros(2) - 1) }))).toEqual([traceA]);
  });

  test("lists as many as the limit says", async () => {
    expect(idsOf(await search({ service: "agent", limit: "1" }))).toEqual([traceB]);
  });

  test.each([
    [{}, "parameter 'service' is required"],
    [{ service: "" }, "parameter 'service' is required"],
    [{ service: "a", tags: "cid=c1" }, "malformed 'tags' parameter, must be a JSON object of strings"],
    [{ service: "a", tags: '{"n":1}' }, "malformed 'tags' parameter, must be a JSON object of strings"],
    [{ service: "a", tag: "cid" }, "malformed 'tag' parameter, must be key:value"],
    [{ service: "a", limit: "few" }, "unable to parse param 'limit': must be a number from 1"],
    [{ service: "a", start: "1h" }, "unable to parse param 'start': must be microseconds since the epoch"],
    [{ service: "a", minDuration: "1ms" }, "parameter 'minDuration' is not supported here"],
  ])("is refused with one sentence: %j", async (query, msg) => {
    expect(await get(`${backend.url}/api/traces?${new URLSearchParams(Object.entries(query))}`)).toEqual({
      status: 400,
      body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code: 400, msg }] },
    });
  });
});

test("lists twenty traces where no limit is given", async () => {
  const many = Array.from({ length: 21 }, (_, n) => ({ traceId: spanId(n).padStart(32, "b"), spanId: spanId(n) }));
  await post(`${backend.url}/v1/traces`, exportOf({ service: "busy", spans: many }));
  expect(await search({ service: "busy" })).toHaveLength(20);
  expect(await search({ service: "busy", limit: "100" })).toHaveLength(21);
});
