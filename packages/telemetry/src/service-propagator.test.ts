import { expect, test } from "@jest/globals";
import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { ServicePropagator } from "./service-propagator.ts";

const propagator = new ServicePropagator();
const spanContext = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const ours = {
  get: (carrier: Record<string, string>, key: string) => carrier[key],
  keys: (carrier: Record<string, string>) => Object.keys(carrier),
  set(carrier: Record<string, string>, key: string, value: string) {
    carrier[key] = value;
  },
};

test("a hop of ours continues the trace", () => {
  const carrier: Record<string, string> = {};
  propagator.inject(trace.setSpanContext(ROOT_CONTEXT, spanContext), carrier, ours);
  expect(carrier).toEqual({ traceparent });
  expect(trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, ours))).toMatchObject({
    ...spanContext,
    isRemote: true,
  });
});

test("plain HTTP headers neither bring a trace in nor take one out", () => {
  const headers: Record<string, string> = {};
  propagator.inject(trace.setSpanContext(ROOT_CONTEXT, spanContext), headers, defaultTextMapSetter);
  expect(headers).toEqual({});
  const asked = propagator.extract(ROOT_CONTEXT, { traceparent, baggage: "cid=theirs" }, defaultTextMapGetter);
  expect(trace.getSpanContext(asked)).toBeUndefined();
});
