import { BookproofError } from "@bookproof/errors";
import { BookingEvent } from "@bookproof/proto/events";

/** An event as it travels: protobuf, `bookproof.booking.v1.BookingEvent`. */
export function encodeBookingEvent(event: BookingEvent): Buffer {
  return Buffer.from(BookingEvent.encode(event).finish());
}

/**
 * Reads an event that arrived. Whether its fields are valid is for its handler to say.
 * @throws BookproofError `invalid_argument` where the bytes are no event, or one without id, tenant or kind
 */
export function decodeBookingEvent(bytes: Buffer | null): BookingEvent {
  const event = decode(bytes ?? Buffer.alloc(0));
  // Bytes of another kind may decode too: all their fields are then unknown ones.
  if (!event.eventId || !event.tenantId || !event.kind)
    throw new BookproofError("invalid_argument", "The bytes are no booking event.");
  return event;
}

function decode(bytes: Buffer): BookingEvent {
  try {
    return BookingEvent.decode(bytes);
  } catch (cause) {
    throw new BookproofError("invalid_argument", "The bytes are no booking event.", { cause });
  }
}
