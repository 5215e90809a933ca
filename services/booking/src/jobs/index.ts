import { jobHandlers } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { publishEvent, recordOutcome, settleAttempt, takeBack } from "./definitions.ts";
import { runPublishEvent } from "./publish-event.ts";
import { runRecordOutcome } from "./record-outcome.ts";
import { runSettleAttempt } from "./settle-attempt.ts";
import { runTakeBack } from "./take-back.ts";

/** Everything the booking service's job queue runs. */
export const bookingJobs = (deps: Deps) =>
  jobHandlers()
    .add(settleAttempt, (payload) => runSettleAttempt(deps, payload))
    .add(publishEvent, (payload) => runPublishEvent(deps, payload))
    .add(recordOutcome, (payload) => runRecordOutcome(deps, payload))
    .add(takeBack, (payload) => runTakeBack(deps, payload)).handlers;
