import { exportOf, type OtlpSpan, post, spanId, text, traceA, traceB } from "./otlp.ts";

const minute = (n: number, extraMicros = 0) =>
  `${BigInt(1_700_000_000 + 60 * n) * 1_000_000_000n + BigInt(extraMicros) * 1000n}`;
/** Minute `n` of the story, in microseconds since the epoch. */
export const micros = (n: number) => (1_700_000_000 + 60 * n) * 1_000_000;

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

/** Sends the story to a backend. Children come first, as they do from services that send what has ended. */
export async function sendJourney(url: string): Promise<void> {
  for (const [service, span] of [
    ["booking", claim],
    ["agent", turn],
    ["gateway", incoming],
    ["agent", reminder],
  ] as const)
    await post(`${url}/v1/traces`, exportOf({ service, spans: [span] }));
}
