import { setTimeout as delay } from "node:timers/promises";
import { hasReason } from "@bookproof/errors";
import type { BookingEvent } from "@bookproof/proto/events";
import type { Logger } from "@bookproof/service";
import type { EachMessagePayload } from "kafkajs";
import { decodeBookingEvent } from "./booking-event-codec.ts";
import { readHeaders, runWithHeaders, tenantOfKey } from "./event-headers.ts";
import { inConsumerSpan } from "./event-spans.ts";

/** A message that can never be handled: its bytes are no event, or its handler refuses it as invalid. */
export interface PoisonEvent {
  topic: string;
  partition: number;
  /** A 64-bit number in decimal digits. */
  offset: string;
  key: string;
  /** As the key names it: perhaps no tenant at all. */
  tenantId: string;
  headers: Record<string, string>;
  value: Buffer;
  error: Error;
}

export interface MessageHandlers {
  /** Resolves once what follows from the event is durable; a repeated event changes nothing. Throws `invalid_argument` for one that can never be handled. */
  handle(event: BookingEvent): Promise<void>;
  /** Resolves once the message is kept for a human. */
  park(poison: PoisonEvent): Promise<void>;
}

/** Between two tries, in milliseconds; the last one repeats. */
const againAfterMs = [100, 250, 500, 1_000, 2_000];

/**
 * Handles one message to its durable end: P2, nothing is ever skipped. What fails is tried again for as long as this consumer runs,
 * and stays in the group meanwhile; what can never be handled is parked.
 * @param tried hears of the end of every try
 * @throws the signal's reason when the consumer stops, and Kafka's own errors, which give the message to another member
 */
export async function consumeMessage(
  { topic, partition, message, heartbeat }: EachMessagePayload,
  options: MessageHandlers & { logger: Logger; signal: AbortSignal; tried: () => void },
): Promise<void> {
  const { logger, signal } = options;
  const headers = readHeaders(message.headers);
  const key = message.key?.toString("utf8") ?? "";
  const where = { topic, partition, offset: message.offset };
  const once = async () => {
    try {
      const event = decodeBookingEvent(message.value);
      await options.handle(event);
      logger.info({ ...where, eventId: event.eventId }, "[EVENT_CONSUMED] an event of Kafka was handled");
    } catch (error) {
      if (!hasReason(error, "invalid_argument")) throw error;
      logger.error(
        { err: error, ...where, key, eventId: headers.event_id },
        "[EVENT_PARKED] an event that cannot be handled",
      );
      const value = message.value ?? Buffer.alloc(0);
      await options.park({ ...where, key, tenantId: tenantOfKey(key), headers, value, error });
    }
  };
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted();
    try {
      await runWithHeaders({ key, headers }, () => inConsumerSpan(topic, headers, once));
      return;
    } catch (error) {
      const delayMs = againAfterMs[failures] ?? againAfterMs.at(-1) ?? 0;
      logger.error({ err: error, ...where }, `[EVENT_RETRY] an event could not be handled; again in ${delayMs} ms`);
      await delay(delayMs, undefined, { signal });
    } finally {
      options.tried();
    }
    await heartbeat();
  }
}
