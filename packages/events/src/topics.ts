import type { Admin } from "kafkajs";

/** Carries `booking.failed`. A confirmed booking is told by a direct call: nobody waits for it but its customer. */
export const bookingFailedTopic = "booking-failed";

/** How many consumers may share a topic. Settled when it is made. */
export const defaultPartitions = 6;

/** Makes the topic unless it is there; several services may do so at once. Copies as the cluster is set up to make. */
export async function ensureTopic(admin: Admin, topic: string, partitions: number): Promise<void> {
  const known = await admin.listTopics();
  if (known.includes(topic)) return;
  await admin.createTopics({
    topics: [{ topic, numPartitions: partitions, replicationFactor: -1 }],
    waitForLeaders: true,
    timeout: 5_000,
  });
}
