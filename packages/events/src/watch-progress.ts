import type { Logger } from "@bookproof/service";
import type { Admin } from "kafkajs";

/** So many looks in a row without progress make a consumer stuck: counted, because a process that was suspended has lost no time. */
const looks = 3;

/**
 * Watches that a consumer progresses: heartbeats go on while a client hangs. Of every partition that waits (its committed offset is
 * behind its end) the offset must move, or at least a try must end, within `stuckAfterMs`; a member that has no partitions yet must
 * get its answer in that time. While Kafka does not answer nobody is stuck: then there is nothing to consume.
 * @returns ends the watch
 */
export function watchProgress(options: {
  admin: Admin;
  topic: string;
  groupId: string;
  /** The partitions this consumer has; undefined while the group is being joined. */
  assigned: () => readonly number[] | undefined;
  /** How many tries of a partition's messages have ended. */
  tries: (partition: number) => number;
  stuckAfterMs: number;
  onStuck: (error: Error) => void;
  logger: Logger;
}): () => void {
  const { admin, assigned, tries, logger } = options;
  /** By partition (-1: joining the group): what progress is told by, and how often it was seen unchanged. */
  let seen = new Map<number, { sign: string; unchanged: number }>();

  const look = async () => {
    const waiting = await waitingPartitions(options);
    const signs = assigned()
      ? waiting.map(({ partition, committed }) => [partition, `${committed} ${tries(partition)}`] as const)
      : [[-1, "joining"] as const];
    const before = seen;
    seen = new Map(
      signs.map(([partition, sign]) => {
        const last = before.get(partition);
        return [partition, { sign, unchanged: last?.sign === sign ? last.unchanged + 1 : 0 }];
      }),
    );
    for (const [partition, { unchanged }] of seen) {
      if (unchanged < looks) continue;
      const what = partition === -1 ? "has not joined its group" : `does not move on in partition ${partition}`;
      options.onStuck(new Error(`the consumer ${options.groupId} of ${options.topic} ${what}`));
    }
  };
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    try {
      await admin.connect();
      await look();
    } catch (error) {
      seen = new Map();
      logger.debug({ err: error }, "[KAFKA] the consumer's progress cannot be seen");
    }
    looking = false;
  }, options.stuckAfterMs / looks);
  timer.unref();
  return () => clearInterval(timer);
}

async function waitingPartitions(options: {
  admin: Admin;
  topic: string;
  groupId: string;
  assigned: () => readonly number[] | undefined;
}): Promise<{ partition: number; committed: string }[]> {
  const { admin, topic, groupId } = options;
  const [ends, groups] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const own = new Set(options.assigned());
  const committedOf = new Map(groups.flatMap((group) => group.partitions.map((p) => [p.partition, p.offset] as const)));
  return ends.flatMap(({ partition, low, high }) => {
    // -1: nothing was committed yet, and all that is kept waits.
    const offset = committedOf.get(partition) ?? "-1";
    const committed = offset === "-1" ? low : offset;
    return own.has(partition) && BigInt(committed) < BigInt(high) ? [{ partition, committed }] : [];
  });
}
