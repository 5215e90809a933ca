import { jobHandlers } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { askForConfirmation } from "../door/ask-for-confirmation.ts";
import { runAlertOwner } from "./alert-owner.ts";
import { endUnknown, runCheckDelivery } from "./check-delivery.ts";
import {
  alertOwner,
  checkDelivery,
  deliverMessage,
  ensureConfirmation,
  recordConfirmation,
  recordOutcome,
  remindCustomer,
} from "./definitions.ts";
import { giveUpMessage, runDeliverMessage } from "./deliver-message.ts";
import { runRemindCustomer } from "./remind-customer.ts";

/** Everything the notifier's job queue runs. */
export const notifierJobs = (deps: Deps) =>
  jobHandlers()
    .add(
      deliverMessage,
      (payload) => runDeliverMessage(deps, payload),
      (payload, error) => giveUpMessage(deps, payload, error),
    )
    .add(
      checkDelivery,
      (payload) => runCheckDelivery(deps, payload),
      (payload) => endUnknown(deps, payload),
    )
    .add(alertOwner, (payload) => runAlertOwner(deps, payload))
    .add(remindCustomer, (payload) => runRemindCustomer(deps, payload))
    .add(ensureConfirmation, async (payload) => {
      const { created } = await askForConfirmation(deps, payload);
      if (created) deps.log.step(payload.cid, "CONFIRMATION_ENSURED", { appointmentId: payload.appointmentId });
    })
    .add(recordConfirmation, async ({ sentAt, ...payload }) => {
      await deps.booking.recordConfirmationSms({ ...payload, sentAt: new Date(sentAt) });
    })
    .add(recordOutcome, async (payload) => {
      await deps.agent.recordOutcome(payload);
    }).handlers;
