import { jobHandlers } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { runAlertOwner } from "./alert-owner.ts";
import { alertOwner, deliverMessage, recordOutcome } from "./definitions.ts";
import { giveUpMessage, runDeliverMessage } from "./deliver-message.ts";

/** Everything the notifier's job queue runs. */
export const notifierJobs = (deps: Deps) =>
  jobHandlers()
    .add(
      deliverMessage,
      (payload) => runDeliverMessage(deps, payload),
      (payload, error) => giveUpMessage(deps, payload, error),
    )
    .add(alertOwner, (payload) => runAlertOwner(deps, payload))
    .add(recordOutcome, async (payload) => {
      await deps.agent.recordOutcome(payload);
    }).handlers;
