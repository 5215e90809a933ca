import { type EventConsumer, startEventConsumer } from "@bookproof/events";
import type { BookingEvent } from "@bookproof/proto/events";
import type { Deps } from "../deps.ts";
import { handleEvent } from "../rpc/handle-event.ts";
import { parkEvent } from "./park-event.ts";

/** How long booking may take to note a word that it can do without. */
const acknowledgeMs = 1_000;

/**
 * Takes the events of Kafka in as if booking had called, where there is a Kafka. The group commits what was stored, and booking is
 * told, so that it need not call. A consumer that cannot go on ends this process: it is started again, and booking calls meanwhile.
 */
export function startConsumer(deps: Deps): EventConsumer | undefined {
  const { logger } = deps;
  const { kafkaBrokers: brokers } = deps.config;
  if (brokers.length === 0) return undefined;
  const handle = handleEvent(deps);
  const consumer = startEventConsumer({
    ...{ brokers, logger, clientId: "bookproof-notifier", groupId: "notifier" },
    async handle(event) {
      await handle({ event });
      void acknowledge(deps, event);
    },
    park: (poison) => parkEvent(deps, poison),
  });
  // Nobody handles this rejection: that is what ends the process.
  void consumer.failed.then((cause) => {
    throw new Error("the consumer of Kafka's events cannot go on", { cause });
  });
  return consumer;
}

/** A word that is lost costs one call for an event that is handled already. */
async function acknowledge({ booking, logger }: Deps, { tenantId, eventId }: BookingEvent): Promise<void> {
  try {
    await booking.acknowledgeEvent({ tenantId, eventId }, { deadline: acknowledgeMs });
  } catch (error) {
    logger.warn({ err: error, eventId }, "[EVENT_ACKNOWLEDGEMENT_LOST] booking will call for an event that is handled");
  }
}
