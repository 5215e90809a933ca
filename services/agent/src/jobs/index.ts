import { jobHandlers, withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { selectUnread } from "../queries/inbound-messages.ts";
import { runTurn } from "../turns/run-turn.ts";
import { runAlertOwner } from "./alert-owner.ts";
import { giveUpTurn, runCheckUnread } from "./check-unread.ts";
import {
  alertOwner,
  checkUnread,
  deleteOldTraces,
  recordOptOut,
  sendReply,
  takeTurn,
  watchConfirm,
  watchLostSlot,
} from "./definitions.ts";
import { runDeleteOldTraces } from "./delete-old-traces.ts";
import { runAlertHotLead, runReleaseHold, runSendCallConfirmation } from "./run-voice-jobs.ts";
import { runSendReply } from "./send-reply.ts";
import { alertHotLead, releaseHold, sendCallConfirmation, watchCallConfirm } from "./voice-definitions.ts";
import { runWatchCallConfirm } from "./watch-call-confirm.ts";
import { runWatchConfirm, runWatchLostSlot } from "./watch-confirm.ts";

/** The turns, which have a worker of their own: hundreds that lag must not keep an alert, a watch or a reply waiting (P2). */
export const turnJobs = (deps: Deps) =>
  jobHandlers().add(
    takeTurn,
    ({ tenantId, conversationId }) => runTurn(deps, tenantId, conversationId),
    async ({ tenantId, conversationId }) => {
      const unread = await withTenant(deps.pool, tenantId, (client) => selectUnread(client, tenantId, conversationId));
      await giveUpTurn(
        deps,
        tenantId,
        conversationId,
        unread.map((message) => message.messageSid),
      );
    },
  ).handlers;

/** Everything else the agent's job queue runs. */
export const otherJobs = (deps: Deps) =>
  jobHandlers()
    .add(sendReply, (payload) => runSendReply(deps, payload))
    .add(alertOwner, (payload) => runAlertOwner(deps, payload))
    .add(recordOptOut, async ({ receivedAt, ...optOut }) => {
      await deps.notifier.recordOptOut({ ...optOut, receivedAt: new Date(receivedAt) });
    })
    .add(checkUnread, (payload) => runCheckUnread(deps, payload))
    .add(watchConfirm, (payload) => runWatchConfirm(deps, payload))
    .add(watchLostSlot, (payload) => runWatchLostSlot(deps, payload))
    .add(deleteOldTraces, (payload) => runDeleteOldTraces(deps, payload))
    .add(watchCallConfirm, (payload) => runWatchCallConfirm(deps, payload))
    .add(releaseHold, (payload) => runReleaseHold(deps, payload))
    .add(sendCallConfirmation, (payload) => runSendCallConfirmation(deps, payload))
    .add(alertHotLead, (payload) => runAlertHotLead(deps, payload)).handlers;
