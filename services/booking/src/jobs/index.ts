import { jobHandlers } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import {
  endKeptSlot,
  ensureEventHandled,
  publishEvent,
  recordOutcome,
  settleAttempt,
  takeBack,
} from "./definitions.ts";
import { runEndKeptSlot } from "./end-kept-slot.ts";
import { runEnsureEventHandled } from "./ensure-event-handled.ts";
import { runPublishEvent } from "./publish-event.ts";
import { runRecordOutcome } from "./record-outcome.ts";
import { runSettleAttempt } from "./settle-attempt.ts";
import { runTakeBack } from "./take-back.ts";

/** Everything the booking service's job queue runs. */
export const bookingJobs = (deps: Deps) =>
  jobHandlers()
    .add(settleAttempt, (payload) => runSettleAttempt(deps, payload))
    .add(publishEvent, (payload) => runPublishEvent(deps, payload))
    .add(ensureEventHandled, (payload) => runEnsureEventHandled(deps, payload))
    .add(recordOutcome, (payload) => runRecordOutcome(deps, payload))
    .add(endKeptSlot, (payload) => runEndKeptSlot(deps, payload))
    .add(takeBack, (payload) => runTakeBack(deps, payload)).handlers;
