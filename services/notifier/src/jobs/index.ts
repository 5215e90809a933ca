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
  settleUnknown,
  sweepInbound,
  sweepOutOfTurn,
} from "./definitions.ts";
import { giveUpMessage, runDeliverMessage } from "./deliver-message.ts";
import { runRemindCustomer } from "./remind-customer.ts";
import { runSettleUnknown } from "./settle-unknown.ts";
import { runSweepInbound, runSweepOutOfTurn } from "./sweep-inbound.ts";

/** What P2 depends on has a worker of its own: texts that hang at Twilio for their whole time-out must not keep it waiting. */
export const alertJobs = (deps: Deps) =>
  jobHandlers()
    .add(alertOwner, (payload) => runAlertOwner(deps, payload))
    .add(settleUnknown, (payload) => runSettleUnknown(deps, payload))
    .add(recordOutcome, async (payload) => {
      await deps.agent.recordOutcome(payload);
    }).handlers;

/** Everything else the notifier's job queue runs. */
export const otherJobs = (deps: Deps) =>
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
    .add(sweepInbound, () => runSweepInbound(deps))
    .add(sweepOutOfTurn, (payload) => runSweepOutOfTurn(deps, payload))
    .add(remindCustomer, (payload) => runRemindCustomer(deps, payload))
    .add(ensureConfirmation, async (payload) => {
      const { created } = await askForConfirmation(deps, payload);
      if (created) deps.log.step(payload.cid, "CONFIRMATION_ENSURED", { appointmentId: payload.appointmentId });
    })
    .add(recordConfirmation, async ({ sentAt, ...payload }) => {
      await deps.booking.recordConfirmationSms({ ...payload, sentAt: new Date(sentAt) });
    }).handlers;
