import type { BookingEvent } from "@bookproof/proto/events";
import { baggageHeader, cidFromBaggage, currentCid, currentTraceparent, runInJourney } from "@bookproof/telemetry";
import type { IHeaders } from "kafkajs";

/** The headers of an event's message: for people and routers `cid`, `event_id`, `event_type`; for tracing W3C `baggage` and `traceparent`. */
export function eventHeaders(event: BookingEvent): Record<string, string> {
  const traceparent = currentTraceparent();
  return {
    cid: event.cid,
    event_id: event.eventId,
    event_type: `booking.${event.kind?.$case}`,
    baggage: baggageHeader(event.cid || (currentCid() ?? event.eventId)),
    ...(traceparent && { traceparent }),
  };
}

/** Runs `work` in the journey that a message's headers name, if they name one, and for the tenant of its key. */
export function runWithHeaders<T>(
  { key, headers }: { key: string; headers: Readonly<Record<string, string>> },
  work: () => T,
): T {
  const cid = cidFromBaggage(headers.baggage) || headers.cid;
  return runInJourney({ cid: cid || undefined, tenantId: tenantOfKey(key) || undefined }, work);
}

/** Headers as text, whatever bytes they are. Of one that is given twice the last counts. */
export function readHeaders(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return last === undefined ? [] : [[name, last.toString("utf8")]];
    }),
  );
}

/** The key of an event's message: events of one conversation keep their order. */
export function eventKey({ tenantId, conversationId }: Pick<BookingEvent, "tenantId" | "conversationId">): string {
  return `${tenantId}:${conversationId}`;
}

/** The tenant that a message's key names: what stands before the first colon. */
export function tenantOfKey(key: string): string {
  return key.split(":", 1)[0] ?? "";
}
