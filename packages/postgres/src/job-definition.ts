import type { Reason } from "@bookproof/errors";
import type { z } from "zod";

/** A kind of job: what it carries, in which queue it waits, and how it is tried again. */
export interface JobDefinition<Payload extends z.ZodType> {
  /** The service whose queue it is in. */
  service: "agent" | "booking" | "calendar" | "notifier";
  task: string;
  payload: Payload;
  /** Jobs of the same queue name run one at a time, in order. */
  queue?: (payload: z.output<Payload>) => string;
  /** Plans its own next run for ever: each run is a trace of its own. */
  isRound?: boolean;
  retry: {
    /** Waits between tries, in milliseconds; the last one repeats when `forever`. */
    delaysMs: readonly number[];
    forever: boolean;
    /** Reasons for which another try is pointless. Never for what P2 depends on. */
    giveUpOn?: readonly Reason[];
  };
}

/** Declares a kind of job. */
export function defineJob<Payload extends z.ZodType>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition;
}

/** The wait before try number `attempt + 1` in milliseconds, or undefined when there is none. */
export function retryDelayMs(retry: JobDefinition<z.ZodType>["retry"], attempt: number): number | undefined {
  return retry.delaysMs[attempt - 1] ?? (retry.forever ? retry.delaysMs.at(-1) : undefined);
}
