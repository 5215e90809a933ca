import { jobHandlers } from "@bookproof/postgres";
import { markSpan } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import {
  endKeptSlot,
  ensureEventHandled,
  publishEvent,
  recordOutcome,
  removeOldEvent,
  settleAttempt,
  takeBack,
} from "./definitions.ts";
import { runEndKeptSlot } from "./end-kept-slot.ts";
import { runEnsureEventHandled } from "./ensure-event-handled.ts";
import { runPublishEvent } from "./publish-event.ts";
import { runRecordOutcome } from "./record-outcome.ts";
import { runRemoveOldEvent } from "./remove-old-event.ts";
import { runSettleAttempt } from "./settle-attempt.ts";
import { runTakeBack } from "./take-back.ts";

/** Everything the booking service's job queue runs: what an attempt leaves to be done. */
export const bookingJobs = (deps: Deps) => {
  const named =
    <Job extends { attemptId: string }>(run: (deps: Deps, job: Job) => Promise<void>) =>
    (job: Job) => {
      markSpan({ attemptId: job.attemptId });
      return run(deps, job);
    };
  return jobHandlers()
    .add(settleAttempt, named(runSettleAttempt))
    .add(publishEvent, named(runPublishEvent))
    .add(ensureEventHandled, named(runEnsureEventHandled))
    .add(recordOutcome, named(runRecordOutcome))
    .add(endKeptSlot, named(runEndKeptSlot))
    .add(removeOldEvent, named(runRemoveOldEvent))
    .add(takeBack, named(runTakeBack)).handlers;
};
