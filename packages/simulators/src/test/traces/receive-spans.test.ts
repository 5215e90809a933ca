import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startTraceBackend, type TraceBackend } from "../../traces/start-trace-backend.ts";
import { exportOf, post, spanId, text, traceA, traceB } from "./otlp.ts";

let backend: TraceBackend;
beforeEach(async () => {
  backend = await startTraceBackend({ maxSpans: 3 });
});
afterEach(() => backend.close());

const send = (body: unknown, headers?: Record<string, string>) => post(`${backend.url}/v1/traces`, body, headers);
const oneSpan = (span: Record<string, unknown>, n = 1) =>
  exportOf({ service: "agent", spans: [{ traceId: traceA, spanId: spanId(n), ...span }] });

test("keeps a span with all that was said of it", async () => {
  const span = {
    traceId: traceA.toUpperCase(),
    spanId: spanId(2).toUpperCase(),
    parentSpanId: spanId(1),
    name: "take turn",
    kind: 5,
    startTimeUnixNano: "1544712660000000001",
    endTimeUnixNano: "1544712661000000002",
    attributes: [text("cid", "c1")],
    events: [{ name: "retry", timeUnixNano: "1544712660500000000", attributes: [text("why", "busy")] }],
    links: [{ traceId: traceB, spanId: spanId(9), attributes: [text("as", "cause")] }],
    status: { code: 2, message: "no slot" },
    flags: 257,
    newField: {},
  };
  expect(await send(exportOf({ service: "agent", spans: [span] }))).toEqual({ status: 200, body: {} });
  expect(backend.spans()).toEqual([
    {
      ...{ traceId: traceA, spanId: spanId(2), parentSpanId: spanId(1), name: "take turn", kind: "consumer" },
      startTimeUnixNano: "1544712660000000001",
      endTimeUnixNano: "1544712661000000002",
      attributes: { cid: "c1" },
      events: [{ name: "retry", timeUnixNano: "1544712660500000000", attributes: { why: "busy" } }],
      links: [{ traceId: traceB, spanId: spanId(9), attributes: { as: "cause" } }],
      status: { code: "error", message: "no slot" },
      service: "agent",
      resource: { "service.name": "agent", "host.name": "box" },
      scope: "tests",
    },
  ]);
});

test("turns every kind of attribute into a plain value", async () => {
  const values = {
    text: { stringValue: "" },
    yes: { boolValue: true },
    digits: { intValue: "42" },
    number: { intValue: -42 },
    huge: { intValue: "9223372036854775807" },
    half: { doubleValue: 0.5 },
    endless: { doubleValue: "Infinity" },
    bytes: { bytesValue: "AQ==" },
    list: { arrayValue: { values: [{ stringValue: "a" }, { intValue: 1 }] } },
    map: { kvlistValue: { values: [{ key: "a", value: { intValue: 1 } }] } },
    unset: {},
    null: { doubleValue: null },
  };
  await send(oneSpan({ attributes: Object.entries(values).map(([key, value]) => ({ key, value })) }));
  expect(backend.spans()[0]?.attributes).toEqual({
    ...{ text: "", yes: true, digits: 42, number: -42, huge: "9223372036854775807", half: 0.5 },
    ...{ endless: Number.POSITIVE_INFINITY, bytes: "AQ==", list: ["a", 1], map: '{"a":1}', unset: "", null: "" },
  });
});

test("takes a span that says only what it must", async () => {
  const body = {
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: traceA, spanId: spanId(1), parentSpanId: "" }] }] }],
  };
  expect((await send(body)).status).toBe(200);
  expect(backend.spans()).toMatchObject([
    {
      parentSpanId: undefined,
      kind: "internal",
      status: { code: "unset" },
      service: "missing-service-name",
      scope: "",
    },
  ]);
});

test("takes times as numbers, and a request without spans", async () => {
  await send(oneSpan({ startTimeUnixNano: 1544712660300000000 }));
  expect(backend.spans()[0]?.startTimeUnixNano).toBe("1544712660300000000");
  expect(await send({})).toEqual({ status: 200, body: {} });
  expect(backend.spans()).toHaveLength(1);
});

test("takes a body packed with gzip", async () => {
  const packed = gzipSync(JSON.stringify(oneSpan({ name: "packed" })));
  expect((await send(packed, { "content-encoding": "gzip" })).status).toBe(200);
  expect(backend.spans()).toMatchObject([{ name: "packed" }]);
});

test("keeps a span once that is sent twice", async () => {
  await send(oneSpan({}));
  await send(oneSpan({}));
  expect(backend.spans()).toHaveLength(1);
});

test("lets the oldest spans go when it is full", async () => {
  for (const n of [1, 2, 3, 4, 5]) await send(oneSpan({}, n));
  expect(backend.spans().map((span) => span.spanId)).toEqual([3, 4, 5].map(spanId));
  expect(backend.traces()[0]?.spans).toHaveLength(3);
});

test("forgets everything when told to", async () => {
  await send(oneSpan({}));
  backend.clear();
  expect([backend.spans(), backend.traces(), backend.metrics()]).toEqual([[], [], []]);
});

test("takes log records, and keeps none", async () => {
  expect(await post(`${backend.url}/v1/logs`, { resourceLogs: [{ scopeLogs: [] }] })).toEqual({
    status: 200,
    body: {},
  });
});
