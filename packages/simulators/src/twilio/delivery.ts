import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Accounts } from "./accounts.ts";
import type { WritableTwilioLedger } from "./ledger.ts";
import type { CallEntry, MessageEntry } from "./ledger-entry.ts";
import { API_VERSION } from "./resources.ts";
import { postSigned } from "./signed-post.ts";

const outcomeSchema = z.object({
  /** What becomes of a text. */
  message: z.enum(["delivered", "undelivered", "failed"]).default("delivered"),
  /** Sent along with undelivered and failed: 30003 unreachable, 30005 unknown, 30006 landline, 30007 filtered. */
  errorCode: z.int().nullable().default(null),
  /** What becomes of a call. */
  call: z.enum(["completed", "busy", "no-answer", "failed"]).default("completed"),
});

/** How accepted texts and calls go on. Every field may be left out. */
export const deliverySchema = z.object({
  /** False leaves everything queued; `reportStatus` then says what happens, and in which order. */
  automatic: z.boolean().default(true),
  /** False advances the ledger but posts no status callback. */
  callbacks: z.boolean().default(true),
  /** Milliseconds between two states. */
  stepMs: z.int().nonnegative().default(20),
  /** By recipient, E.164. */
  outcomes: z.record(z.string(), outcomeSchema).default({}),
});
export type DeliveryInput = z.input<typeof deliverySchema>;
export type DeliveryPlan = z.output<typeof deliverySchema>;

/** Moves accepted texts and calls along and posts their status callbacks. */
export type Delivery = {
  plan(): DeliveryPlan;
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
    const { message: status, errorCode } = plan.outcomes[to] ?? outcomeSchema.parse({});
    if (!(await step())) return;
    if (status !== "failed") {
      await reportStatus({ sid, status: "sent" });
      if (!(await step())) return;
    }
    await reportStatus({ sid, status, errorCode });
  }

  async function makeCall(sid: string, to: string): Promise<void> {
    const { call: status } = plan.outcomes[to] ?? outcomeSchema.parse({});
    if (!(await step())) return;
    await reportCall(sid, "ringing");
    if (await step()) await reportCall(sid, status);
  }

  return {
    plan: () => plan,
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

function messageCallback(entry: MessageEntry): Record<string, string> {
  return {
    AccountSid: entry.accountSid,
    ApiVersion: API_VERSION,
    From: entry.from ?? "",
    MessageSid: entry.sid,
    MessageStatus: entry.status,
    SmsSid: entry.sid,
    SmsStatus: entry.status,
    To: entry.to,
    ...(entry.errorCode === null ? {} : { ErrorCode: String(entry.errorCode) }),
    ...(entry.messagingServiceSid === null ? {} : { MessagingServiceSid: entry.messagingServiceSid }),
  };
}

function callCallback(entry: CallEntry): Record<string, string> {
  return {
    AccountSid: entry.accountSid,
    ApiVersion: API_VERSION,
    CallSid: entry.sid,
    CallStatus: entry.status,
    Direction: "outbound-api",
    From: entry.from,
    To: entry.to,
  };
}
