import { setTimeout as delay } from "node:timers/promises";
import { bookingFailedTopic, inspectKafka } from "@bookproof/events";
import type { Check } from "@bookproof/proto/doctor";
import { failedCheck, okCheck, skippedCheck } from "@bookproof/service";
import type { Deps } from "../deps.ts";

const withinMs = 5_000;
/** Of the notifier, which takes the events in. */
const groupId = "notifier";
const meanwhile = "Until then each failure is brought to the notifier directly.";

/** Whether failures can travel through Kafka, where there is one, and somebody takes them out of it. */
export async function checkKafka({ config, logger }: Deps): Promise<Check> {
  const brokers = config.kafkaBrokers;
  if (brokers.length === 0) return skippedCheck("Kafka", "Not used: KAFKA_BROKERS is not set.");
  const late = delay(withinMs, undefined, { ref: false });
  const looking = inspectKafka({ brokers, clientId: "bookproof-doctor", logger }, groupId);
  const failed = (error: unknown) => {
    logger.warn({ reason: String(error) }, "[CHECK_FAILED] Kafka could not be asked");
    return undefined;
  };
  const state = await Promise.race([looking.catch(failed), late]);
  if (!state)
    return failedCheck(
      "Kafka",
      `No broker answers at ${brokers.join(", ")}.`,
      `Start Kafka, or correct KAFKA_BROKERS of booking and notifier. ${meanwhile}`,
    );
  if (!state.hasTopic)
    return failedCheck(
      "Kafka",
      `The topic ${bookingFailedTopic} does not exist.`,
      `Make it, or let the services make it, and start booking again. ${meanwhile}`,
    );
  if (state.groupMembers === 0)
    return failedCheck(
      "Kafka",
      `Nobody consumes ${bookingFailedTopic}: the group ${groupId} has no member.`,
      `Start the notifier with the same KAFKA_BROKERS as booking, and look for [KAFKA_JOINED] in its log. ${meanwhile}`,
    );
  return okCheck("Kafka", `A broker answers, ${bookingFailedTopic} exists, its consumers: ${state.groupMembers}.`);
}
