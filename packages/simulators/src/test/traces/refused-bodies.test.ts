import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startTraceBackend, type TraceBackend } from "../../traces/start-trace-backend.ts";
import { exportOf, post, spanId, traceA } from "./otlp.ts";

let backend: TraceBackend;
beforeAll(async () => {
  backend = await startTraceBackend();
});
afterEach(() => backend.clear());
afterAll(() => backend.close());

const good = { traceId: traceA, spanId: spanId(1) };
const send = (body: unknown, headers?: Record<string, string>) => post(`${backend.url}/v1/traces`, body, headers);

describe("a batch with one bad span is refused with its place and its fault, and none of it is kept", () => {
  test.each([
    ["traceId", { traceId: "abc" }, "must be 32 hex digits"],
    ["traceId", { traceId: "0".repeat(32) }, "must not be all zeros"],
    ["spanId", { spanId: "zzzzzzzzzzzzzzzz" }, "must be 16 hex digits"],
    ["parentSpanId", { parentSpanId: "12" }, "must be 16 hex digits"],
    ["kind", { kind: "SPAN_KIND_SERVER" }, "must be a number, not a name"],
    ["kind", { kind: 6 }, "must be a number that OTLP knows"],
    ["startTimeUnixNano", { startTimeUnixNano: "now" }, "must be a 64-bit integer"],
    ["endTimeUnixNano", { endTimeUnixNano: "-1" }, "must not be negative"],
    [
      "attributes.0.value.intValue",
      { attributes: [{ key: "n", value: { intValue: 1.5 } }] },
      "must be a 64-bit integer",
    ],
    ["links.0.spanId", { links: [{ traceId: traceA, spanId: "" }] }, "must be 16 hex digits"],
  ])("%s of %j", async (place, fault, sentence) => {
    const body = exportOf({ service: "agent", spans: [good, { ...good, spanId: spanId(2), ...fault }] });
    expect(await send(body)).toEqual({
      status: 400,
      body: { message: `resourceSpans.0.scopeSpans.0.spans.1.${place}: ${sentence}` },
    });
    expect(backend.spans()).toEqual([]);
  });
});

test.each([
  ["text that is not JSON", "{", "the body is not JSON"],
  ["nothing", "", "the body is not JSON"],
  ["a list", "[]", "the body is malformed: Invalid input: expected object, received array"],
  ["null", "null", "the body is malformed: Invalid input: expected object, received null"],
])("refuses %s in one sentence", async (_what, body, message) => {
  for (const signal of ["traces", "metrics", "logs"])
    expect(await post(`${backend.url}/v1/${signal}`, body)).toEqual({ status: 400, body: { message } });
});

test("refuses protobuf and forms, and says what to set", async () => {
  for (const type of ["application/x-protobuf", "application/x-www-form-urlencoded"])
    expect(await send("\n", { "content-type": type })).toEqual({
      status: 415,
      body: { message: "only application/json is taken: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json" },
    });
});

test("refuses what is not packed as it says, or packed otherwise", async () => {
  const body = JSON.stringify(exportOf({ service: "agent", spans: [good] }));
  expect(await send(body, { "content-encoding": "gzip" })).toEqual({
    status: 400,
    body: { message: "the body is not gzip" },
  });
  expect((await send(body, { "content-encoding": "br" })).status).toBe(415);
  expect(backend.spans()).toEqual([]);
});

test("refuses more than 20 MiB, also where it is packed small", async () => {
  const packed = gzipSync(Buffer.alloc(21 * 1024 * 1024, " "));
  const refusal = { status: 413, body: { message: "the body is larger than 20 MiB" } };
  expect(await send(packed, { "content-encoding": "gzip" })).toEqual(refusal);
});

test("has nothing at other addresses", async () => {
  expect(await post(`${backend.url}/v1/profiles`, {})).toEqual({
    status: 404,
    body: { message: "there is no POST /v1/profiles here" },
  });
});
