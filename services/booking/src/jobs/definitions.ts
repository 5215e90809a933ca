import { defineJob } from "@bookproof/postgres";
import { z } from "zod";

const attemptRef = z.object({ tenantId: z.guid(), attemptId: z.guid() });

/** At an attempt's deadline: whatever is still started is confirmed by its event or fails. */
export const settleAttempt = defineJob({
  service: "booking",
  task: "settle_attempt",
  payload: attemptRef,
  retry: { delaysMs: [250, 500, 1_000, 2_000], forever: true },
});

/** Brings an attempt's event to the notifier, until it is acknowledged. */
export const publishEvent = defineJob({
  service: "booking",
  task: "publish_event",
  payload: attemptRef,
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000], forever: true },
});

/** Where the notifier has not acknowledged the event that Kafka took: calls it directly, until it has. */
export const ensureEventHandled = defineJob({
  service: "booking",
  task: "ensure_event_handled",
  payload: attemptRef,
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000], forever: true },
});

/** Brings an attempt's outcome to the agent, until it is acknowledged. */
export const recordOutcome = defineJob({
  service: "booking",
  task: "record_outcome",
  payload: attemptRef,
  retry: { delaysMs: [100, 250, 500, 1_000, 2_000], forever: true },
});

/** When the time is over for which a failed attempt's slot is kept: owner and customer hear that it is no longer held. */
export const endKeptSlot = defineJob({
  service: "booking",
  task: "end_kept_slot",
  payload: attemptRef,
  retry: { delaysMs: [500, 1_000, 2_000, 5_000, 15_000, 60_000], forever: true },
});

/** Deletes the event that an appointment had on the calendar it was moved from, until it is proven absent. */
export const removeOldEvent = defineJob({
  service: "booking",
  task: "remove_old_event",
  payload: attemptRef,
  retry: { delaysMs: [500, 1_000, 2_000, 5_000, 15_000, 60_000], forever: true },
});

/** Undoes what a failed attempt may have written to the calendar, until that is proven: deletes its event, or puts it back. */
export const takeBack = defineJob({
  service: "booking",
  task: "take_back",
  payload: attemptRef.extend({
    /** How often the calendar has shown it undone. */
    absentSightings: z.number().default(0),
  }),
  retry: { delaysMs: [500, 1_000, 2_000, 5_000, 15_000, 60_000], forever: true },
});
