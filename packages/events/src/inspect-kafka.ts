import { createKafka, type KafkaConnection } from "./kafka-client.ts";
import { bookingFailedTopic } from "./topics.ts";

/** How a cluster stands to the events. */
export interface KafkaState {
  hasTopic: boolean;
  /** How many processes of the group consume the events now. */
  groupMembers: number;
}

/**
 * Looks, and changes nothing. One try a broker; a cluster that does not answer takes a few seconds to say so.
 * @throws the client's error when no broker answers
 */
export async function inspectKafka(connection: KafkaConnection, groupId: string): Promise<KafkaState> {
  const admin = createKafka(connection, { initialRetryTime: 100, maxRetryTime: 300, retries: 2 }).admin();
  try {
    await admin.connect();
    const topics = await admin.listTopics();
    const [group] = (await admin.describeGroups([groupId])).groups;
    return { hasTopic: topics.includes(bookingFailedTopic), groupMembers: group?.members.length ?? 0 };
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
