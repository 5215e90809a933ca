import { setTimeout as sleep } from "node:timers/promises";
import type { Accounts } from "./accounts.ts";
import { callCallback, messageCallback } from "./callback-form.ts";
import { type DeliveryInput, deliverySchema, outcomeOf } from "./delivery-plan.ts";
import type { WritableTwilioLedger } from "./ledger.ts";
import type { CallEntry, MessageEntry } from "./ledger-entry.ts";
import { postSigned } from "./signed-post.ts";

/** Moves accepted texts and calls along and posts their status callbacks. */
export type Delivery = {
  /** Replaces the whole plan. */
  setPlan(plan: DeliveryInput): void;
  /** Starts a text on its way; returns at once. */
  startMessage(sid: string): void;
  startCall(sid: string): void;
  /**
   * Sets a text's status in the ledger, whatever it was, and posts the callback if it has a URL and callbacks are on.
   * Call it twice for a duplicate, or backwards for callbacks out of order.
   */
  reportStatus(report: { sid: string; status: MessageEntry["status"]; errorCode?: number | null }): Promise<void>;
};

export type DeliveryDeps = {
  ledger: WritableTwilioLedger;
  accounts: Accounts;
  now: () => number;
  signal: AbortSignal;
  callbackTimeoutMs: number;
};

/** A delivery with the given plan. */
export function createDelivery(initial: DeliveryInput, deps: DeliveryDeps): Delivery {
  const { ledger, now } = deps;
  let plan = deliverySchema.parse(initial);

  async function reportStatus(report: { sid: string; status: MessageEntry["status"]; errorCode?: number | null }) {
    const entry = ledger.message(report.sid);
    if (entry === undefined) return;
    const at = now();
    const changed = {
      ...entry,
      status: report.status,
      errorCode: report.errorCode ?? null,
      sentAt: entry.sentAt ?? (report.status === "failed" ? null : at),
      updatedAt: at,
    };
    ledger.putMessage(changed);
    await postCallback(changed, messageCallback(changed));
  }

  async function reportCall(sid: string, status: CallEntry["status"]): Promise<void> {
    const entry = ledger.call(sid);
    if (entry === undefined) return;
    const changed = { ...entry, status, updatedAt: now() };
    ledger.putCall(changed);
    // StatusCallbackEvent defaults to `completed`, which stands for every end of a call.
    if (status !== "ringing") await postCallback(changed, callCallback(changed));
  }

  async function postCallback(entry: MessageEntry | CallEntry, form: Record<string, string>): Promise<void> {
    const account = deps.accounts.get(entry.accountSid);
    if (entry.statusCallback === null || !plan.callbacks || account === undefined) return;
    const answer = await postSigned({
      url: entry.statusCallback,
      form,
      authToken: account.authToken,
      timeoutMs: deps.callbackTimeoutMs,
      signal: deps.signal,
    });
    ledger.addCallback({
      sid: entry.sid,
      status: entry.status,
      url: entry.statusCallback,
      httpStatus: answer.status,
      ...(answer.error === undefined ? {} : { error: answer.error }),
      postedAt: now(),
    });
  }

  async function step(): Promise<boolean> {
    try {
      await sleep(plan.stepMs, undefined, { ref: false, signal: deps.signal });
      return true;
    } catch {
      // The simulator closed; what was on its way stays where it is.
      return false;
    }
  }

  async function deliverMessage(sid: string, to: string): Promise<void> {
    const { message: status, errorCode } = outcomeOf(plan, to);
    if (!(await step())) return;
    if (status !== "failed") {
      await reportStatus({ sid, status: "sent" });
      if (!(await step())) return;
    }
    await reportStatus({ sid, status, errorCode });
  }

  async function makeCall(sid: string, to: string): Promise<void> {
    const { call: status } = outcomeOf(plan, to);
    if (!(await step())) return;
    await reportCall(sid, "ringing");
    if (await step()) await reportCall(sid, status);
  }

  return {
    setPlan(next) {
      plan = deliverySchema.parse(next);
    },
    startMessage(sid) {
      const entry = ledger.message(sid);
      if (plan.automatic && entry !== undefined) void deliverMessage(sid, entry.to);
    },
    startCall(sid) {
      const entry = ledger.call(sid);
      if (plan.automatic && entry !== undefined) void makeCall(sid, entry.to);
    },
    reportStatus,
  };
}
