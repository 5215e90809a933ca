import { BookproofError } from "@bookproof/errors";
import type { BookingEvent } from "@bookproof/proto/events";
import { expect, test } from "@jest/globals";
import { decodeBookingEvent, encodeBookingEvent } from "./booking-event-codec.ts";
import { eventHeaders, eventKey, readHeaders, tenantOfKey } from "./event-headers.ts";

const failed: BookingEvent = {
  eventId: "e0000000-0000-4000-8000-000000000001",
  tenantId: "a0000000-0000-4000-8000-000000000001",
  cid: "cid-7",
  conversationId: "c0000000-0000-4000-8000-000000000001",
  occurredAt: new Date("2026-05-04T14:00:00.000Z"),
  kind: {
    $case: "failed",
    value: {
      attemptId: "d0000000-0000-4000-8000-000000000001",
      reason: "calendar_failed_after_confirm",
      cause: "calendar_refused",
      wanted: "book",
      requested: {
        customerPhone: "+15551230001",
        customerName: "Zoë Ångström",
        start: new Date("2026-05-05T14:00:00.000Z"),
        offeringName: "Consultation",
        calendarName: "Dr. Smith",
        address: "",
        businessPhone: "+15550100001",
      },
    },
  },
};

test("an event arrives as it left", () => {
  expect(decodeBookingEvent(encodeBookingEvent(failed))).toEqual(failed);
});

test.each([
  ["nothing", null],
  ["no bytes", Buffer.alloc(0)],
  ["JSON", Buffer.from(JSON.stringify({ eventId: "1" }))],
  ["half an event", encodeBookingEvent(failed).subarray(0, 90)],
  ["an event without a tenant", encodeBookingEvent({ ...failed, tenantId: "" })],
  ["an event of no kind", encodeBookingEvent({ ...failed, kind: undefined })],
])("%s is refused as invalid", (_what, bytes) => {
  const decode = () => decodeBookingEvent(bytes);
  expect(decode).toThrow(BookproofError);
  expect(decode).toThrow(expect.objectContaining({ reason: "invalid_argument" }));
});

test("the key keeps a conversation's events in order and names its tenant, the headers name journey and kind", () => {
  expect(eventKey(failed)).toBe(`${failed.tenantId}:${failed.conversationId}`);
  expect(tenantOfKey(eventKey(failed))).toBe(failed.tenantId);
  expect(eventHeaders(failed)).toEqual({
    cid: "cid-7",
    event_id: failed.eventId,
    event_type: "booking.failed",
    baggage: "cid=cid-7",
  });
  expect(readHeaders({ cid: Buffer.from("a"), more: [Buffer.from("b"), "c"], none: undefined })).toEqual({
    cid: "a",
    more: "c",
  });
});
