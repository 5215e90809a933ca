import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { JaegerTrace } from "../../traces/jaeger-trace.ts";
import { startTraceBackend, type TraceBackend } from "../../traces/start-trace-backend.ts";
import { exportOf, get, type OtlpSpan, post, spanId, text, traceA, traceB } from "./otlp.ts";

const minute = (n: number, extraMicros = 0) =>
  `${BigInt(1_700_000_000 + 60 * n) * 1_000_000_000n + BigInt(extraMicros) * 1000n}`;
const micros = (n: number) => (1_700_000_000 + 60 * n) * 1_000_000;

/** Minute 1: a text that goes through three services. Minute 2: what a job made of it, by a link. */
const incoming: OtlpSpan = {
  ...{ traceId: traceA, spanId: spanId(1), name: "POST /sms", kind: 2, attributes: [text("cid", "c1")] },
  ...{ startTimeUnixNano: minute(1), endTimeUnixNano: minute(1, 900) },
};
const turn: OtlpSpan = {
  ...{ traceId: traceA, spanId: spanId(2), parentSpanId: spanId(1), name: "take turn", kind: 1 },
  ...{ startTimeUnixNano: minute(1, 100), endTimeUnixNano: minute(1, 800) },
  attributes: [text("cid", "c1"), { key: "attempt", value: { intValue: "2" } }],
  events: [{ name: "held", timeUnixNano: minute(1, 200), attributes: [text("slot", "s1")] }],
};
const claim: OtlpSpan = {
  ...{ traceId: traceA, spanId: spanId(3), parentSpanId: spanId(2), name: "ClaimSlot", kind: 2 },
  ...{ startTimeUnixNano: minute(1, 300), endTimeUnixNano: minute(1, 301) },
  attributes: [text("cid", "c1"), text("tenant", "t1"), { key: "share", value: { doubleValue: 0.5 } }],
  status: { code: 2, message: "taken" },
};
const reminder: OtlpSpan = {
  ...{ traceId: traceB, spanId: spanId(4), name: "remind", kind: 5, attributes: [text("cid", "c1")] },
  ...{ startTimeUnixNano: minute(2), endTimeUnixNano: minute(2, 1) },
  links: [{ traceId: traceA, spanId: spanId(2) }],
  status: { code: 1 },
};

let backend: TraceBackend;
beforeAll(async () => {
  backend = await startTraceBackend();
  // Children come first, as they do from services that send what has ended.
  for (const [service, span] of [
    ["booking", claim],
    ["agent", turn],
    ["gateway", incoming],
    ["agent", reminder],
  ] as const)
    await post(`${backend.url}/v1/traces`, exportOf({ service, spans: [span] }));
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

test("shows a trace of three services as Jaeger does", async () => {
  const { status, body } = await get(`${backend.url}/api/traces/${traceA.toUpperCase()}`);
  const tag = (key: string, value: string) => ({ key, type: "string", value });
  const child = (n: number) => [{ refType: "CHILD_OF", traceID: traceA, spanID: spanId(n) }];
  const common = { traceID: traceA, logs: [], warnings: null };
  const process = (serviceName: string) => ({ serviceName, tags: [tag("host.name", "box")] });
  const first = [tag("otel.scope.name", "tests"), tag("cid", "c1")];
  expect(status).toBe(200);
  expect(body).toEqual({
    ...{ total: 0, limit: 0, offset: 0, errors: null },
    data: [
      {
        traceID: traceA,
        spans: [
          {
            ...{ ...common, spanID: spanId(1), operationName: "POST /sms", references: [], processID: "p1" },
            ...{ startTime: micros(1), duration: 900, tags: [...first, tag("span.kind", "server")] },
          },
          {
            ...{ ...common, spanID: spanId(2), operationName: "take turn", references: child(1), processID: "p2" },
            ...{ startTime: micros(1) + 100, duration: 700 },
            tags: [...first, { key: "attempt", type: "int64", value: 2 }, tag("span.kind", "internal")],
            logs: [{ timestamp: micros(1) + 200, fields: [tag("event", "held"), tag("slot", "s1")] }],
          },
          {
            ...{ ...common, spanID: spanId(3), operationName: "ClaimSlot", references: child(2), processID: "p3" },
            ...{ startTime: micros(1) + 300, duration: 1 },
            tags: [
              ...[...first, tag("tenant", "t1"), { key: "share", type: "float64", value: 0.5 }],
              ...[tag("span.kind", "server"), tag("otel.status_code", "ERROR")],
              ...[{ key: "error", type: "bool", value: true }, tag("otel.status_description", "taken")],
            ],
          },
        ],
        processes: { p1: process("gateway"), p2: process("agent"), p3: process("booking") },
        warnings: null,
      },
    ],
  });
});

test("shows a link as a reference that follows from the other trace", async () => {
  const [trace] = await search({ service: "agent", operation: "remind" });
  expect(trace?.spans).toMatchObject([
    { references: [{ refType: "FOLLOWS_FROM", traceID: traceA, spanID: spanId(2) }], duration: 1 },
  ]);
});

test("says that a trace is not there, or that its id is none", async () => {
  const answer = (code: number, msg: string) => ({
    status: code,
    body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] },
  });
  expect(await get(`${backend.url}/api/traces/1`)).toEqual(answer(404, "trace not found"));
  expect(await get(`${backend.url}/api/traces/xyz`)).toEqual(answer(400, "a trace ID must be up to 32 hex digits"));
});

test("names the services, by name", async () => {
  expect(await get(`${backend.url}/api/services`)).toEqual({
    status: 200,
    body: { data: ["agent", "booking", "gateway"], total: 3, limit: 0, offset: 0, errors: null },
  });
});

test("lists twenty traces where no limit is given", async () => {
  const many = Array.from({ length: 21 }, (_, n) => ({ traceId: spanId(n).padStart(32, "b"), spanId: spanId(n) }));
  await post(`${backend.url}/v1/traces`, exportOf({ service: "busy", spans: many }));
  expect(await search({ service: "busy" })).toHaveLength(20);
  expect(await search({ service: "busy", limit: "100" })).toHaveLength(21);
});
