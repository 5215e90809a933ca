import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTraceBackend, type TraceBackend } from "../../traces/start-trace-backend.ts";
import { micros, sendJourney } from "./journey.ts";
import { get, spanId, traceA, traceB } from "./otlp.ts";

let backend: TraceBackend;
beforeAll(async () => {
  backend = await startTraceBackend();
  await sendJourney(backend.url);
});
afterAll(() => backend.close());

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
  const { body } = await get(`${backend.url}/api/traces/${traceB}`);
  const references = [{ refType: "FOLLOWS_FROM", traceID: traceA, spanID: spanId(2) }];
  expect(body).toMatchObject({ data: [{ spans: [{ operationName: "remind", references, duration: 1 }] }] });
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
