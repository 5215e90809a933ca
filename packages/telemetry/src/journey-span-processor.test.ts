import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { joinJourney, learnJourney, runWithCid } from "./journey.ts";
import { JourneySpanProcessor } from "./journey-span-processor.ts";

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({
  spanProcessors: [new JourneySpanProcessor(new SimpleSpanProcessor({ exporter }))],
});
const tracer = provider.getTracer("test");

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
});
afterEach(() => exporter.reset());

const span = (name: string, work: () => void = () => undefined) =>
  tracer.startActiveSpan(name, (started) => {
    work();
    started.end();
  });
const exported = () =>
  exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes.cid, attributes.tenant_id]);

describe("cid and tenant", () => {
  test("are on every span of a journey", () => {
    joinJourney({ cid: "c1", tenantId: "t1" }, () => span("entry", () => span("query")));
    expect(exported()).toEqual([
      ["query", "c1", "t1"],
      ["entry", "c1", "t1"],
    ]);
  });

  test("that are found out on the way are also on the spans that ended before", () => {
    joinJourney({}, () =>
      span("request", () => {
        span("early query");
        learnJourney({ tenantId: "t1" });
        runWithCid("c1", () => span("late query"));
      }),
    );
    // What knows both goes out as it ends, the rest with the request.
    expect(exported()).toEqual([
      ["late query", "c1", "t1"],
      ["early query", "c1", "t1"],
      ["request", "c1", "t1"],
    ]);
  });

  test("of one request stay the first that were found", () => {
    joinJourney({}, () =>
      span("request", () => {
        runWithCid("c1", () => undefined);
        runWithCid("c2", () => span("another's"));
      }),
    );
    expect(exported().map(([name, cid]) => [name, cid])).toEqual([
      ["another's", "c2"],
      ["request", "c1"],
    ]);
  });

  test("are not learned from one item by a round over many", () => {
    span("round", () => {
      runWithCid("c1", () => span("first"));
      span("between");
    });
    const [, between] = exported();
    expect(between?.[1]).toMatch(/^[0-9a-f]{32}$/);
  });

  test("fall back to the trace's id, the same on all its spans", () => {
    span("probe", () => span("query"));
    const cids = new Set(exported().map(([, cid]) => cid));
    expect(cids.size).toBe(1);
    expect([...cids][0]).toBe(exporter.getFinishedSpans()[0]?.spanContext().traceId);
  });
});

describe("nothing personal leaves", () => {
  test("not in addresses, errors' texts, or a status", () => {
    const started = tracer.startSpan("GET", {
      kind: SpanKind.CLIENT,
      attributes: {
        "url.full": "https://api.twilio.com/Messages.json?To=%2B15551230000&From=+15550100001",
        "url.query": "phone=+15551230000",
        "client.address": "203.0.113.7",
        "some.text": "ask jane.roe@example.com or +15551230000",
        "url.path": "/calendars/office%40example.com/events",
        cid: "6440eb3a-74a6-403f-8937-9c42cadd08b0",
        tenant_id: "a0000000-0000-0000-0000-000000000001",
      },
    });
    started.recordException(new Error("invalid address: 12 Main St"));
    started.setStatus({ code: SpanStatusCode.ERROR, message: "INVALID_ARGUMENT: 'Jane Roe' is no phone number" });
    started.end();
    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes).toEqual({
      "url.full": "https://api.twilio.com/Messages.json",
      "some.text": "ask *** or ***",
      cid: "6440eb3a-74a6-403f-8937-9c42cadd08b0",
      tenant_id: "a0000000-0000-0000-0000-000000000001",
    });
    expect(span?.events.map(({ attributes }) => attributes)).toEqual([{ "exception.type": "Error" }]);
    expect(span?.status.message).toBe("INVALID_ARGUMENT");
  });

  test("not in what a caller's headers and path say", () => {
    const attributes = {
      "http.route": "/api/debug/sms-flow/:cid",
      "url.path": "/api/debug/sms-flow/15551230000",
      "http.target": "/api/debug/sms-flow/15551230000?name=Jane",
      "server.address": "jane-roe.example.com",
      "server.port": 443,
      "user_agent.original": "Jane's telephone",
      cid: "c1",
    };
    tracer.startSpan("GET", { kind: SpanKind.SERVER, attributes }).end();
    expect(exporter.getFinishedSpans()[0]?.attributes).toEqual({ "http.route": "/api/debug/sms-flow/:cid", cid: "c1" });
  });
});
