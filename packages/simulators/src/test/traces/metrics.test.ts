import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startTraceBackend, type TraceBackend } from "../../traces/start-trace-backend.ts";
import { get, post, text } from "./otlp.ts";

let backend: TraceBackend;
beforeEach(async () => {
  backend = await startTraceBackend();
});
afterEach(() => backend.close());

function send(service: string, ...metrics: object[]) {
  const resource = { attributes: [text("service.name", service)] };
  return post(`${backend.url}/v1/metrics`, { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
}
const counter = (name: string, ...dataPoints: object[]) => ({
  name,
  unit: "1",
  sum: { isMonotonic: true, dataPoints },
});
const forTenant = (tenant: string) => [text("tenant", tenant), text("kind", "sms")];

test("keeps the latest point of each service, metric and set of attributes", async () => {
  const point = (tenant: string, time: string, value: string) => ({
    ...{ attributes: forTenant(tenant), timeUnixNano: time, asInt: value },
  });
  await send("agent", counter("turns", point("t1", "10", "1"), point("t2", "10", "5")));
  await send("agent", counter("turns", { ...point("t1", "20", "2"), attributes: forTenant("t1").reverse() }));
  expect(await send("agent", counter("turns", point("t1", "15", "9")))).toEqual({ status: 200, body: {} });
  await send("booking", counter("turns", point("t1", "10", "7")));
  const common = { name: "turns", unit: "1", kind: "sum" };
  expect(backend.metrics()).toEqual([
    { ...common, service: "agent", attributes: { tenant: "t2", kind: "sms" }, timeUnixNano: "10", value: 5 },
    { ...common, service: "agent", attributes: { tenant: "t1", kind: "sms" }, timeUnixNano: "20", value: 2 },
    { ...common, service: "booking", attributes: { tenant: "t1", kind: "sms" }, timeUnixNano: "10", value: 7 },
  ]);
  expect(await get(`${backend.url}/_sim/metrics`)).toEqual({ status: 200, body: { metrics: backend.metrics() } });
});

test("reads gauges, histograms and summaries, and passes over points without a value", async () => {
  const time = { timeUnixNano: 1 };
  const buckets = { bucketCounts: ["1", 2], explicitBounds: [0.5] };
  await send(
    "agent",
    { name: "lag", unit: "s", gauge: { dataPoints: [{ ...time, asDouble: 1.5 }] } },
    { name: "idle", gauge: { dataPoints: [time] } },
    { name: "wait", unit: "s", histogram: { dataPoints: [{ ...time, count: "3", sum: 2.5, min: null, ...buckets }] } },
    { name: "size", exponentialHistogram: { dataPoints: [{ ...time, count: 2, sum: 8, scale: 1 }] } },
    { name: "rest", summary: { dataPoints: [{ ...time, count: 1 }] } },
  );
  const common = { service: "agent", attributes: {}, timeUnixNano: "1" };
  expect(backend.metrics()).toEqual([
    { ...common, name: "lag", unit: "s", kind: "gauge", value: 1.5 },
    {
      ...common,
      name: "wait",
      unit: "s",
      kind: "histogram",
      value: 2.5,
      count: 3,
      bucketCounts: [1, 2],
      explicitBounds: [0.5],
    },
    { ...common, name: "size", unit: "", kind: "exponentialHistogram", value: 8, count: 2 },
    { ...common, name: "rest", unit: "", kind: "summary", value: Number.NaN, count: 1 },
  ]);
});

test("refuses a malformed batch with its place, and keeps nothing of it", async () => {
  const bad = counter("turns", { asInt: "many" });
  expect(await send("agent", counter("turns", { asInt: 1 }), bad)).toEqual({
    status: 400,
    body: { message: "resourceMetrics.0.scopeMetrics.0.metrics.1.sum.dataPoints.0.asInt: must be a 64-bit integer" },
  });
  expect((await send("agent", counter(""))).status).toBe(400);
  expect(backend.metrics()).toEqual([]);
});
