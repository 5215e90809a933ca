/** Our words for where a message is; `pending` and `sending` (the intent) precede anything Twilio says. */
export type MessageStatus =
  | "pending"
  | "sending"
  | "queued"
  | "sent"
  | "delivered"
  | "undelivered"
  | "failed"
  | "blocked"
  | "unknown";

/** Twilio's MessageStatus, and CallStatus, in the order in which a message or call passes them, and what each means here. */
const steps: Readonly<Record<string, { rank: number; means: MessageStatus }>> = {
  accepted: { rank: 1, means: "queued" },
  scheduled: { rank: 1, means: "queued" },
  queued: { rank: 1, means: "queued" },
  sending: { rank: 2, means: "queued" },
  sent: { rank: 3, means: "sent" },
  delivered: { rank: 4, means: "delivered" },
  undelivered: { rank: 5, means: "undelivered" },
  failed: { rank: 5, means: "failed" },
  canceled: { rank: 5, means: "failed" },
  read: { rank: 5, means: "delivered" },
  initiated: { rank: 1, means: "queued" },
  ringing: { rank: 2, means: "queued" },
  "in-progress": { rank: 3, means: "sent" },
  completed: { rank: 4, means: "delivered" },
  busy: { rank: 5, means: "undelivered" },
  "no-answer": { rank: 5, means: "undelivered" },
};

/**
 * What a message becomes when Twilio reports `next` after `current` ("" for nothing yet), or undefined where that would go
 * back: callbacks arrive out of order and twice. After an end only `read` still says more, and only of what was delivered.
 */
export function statusAfter(current: string, next: string): MessageStatus | undefined {
  const to = steps[next];
  const from = steps[current]?.rank ?? 0;
  if (!to || to.rank <= from) return undefined;
  if (from >= 4 && next !== "read") return undefined;
  return to.means;
}

/** Whether a message in this state has not reached anyone and will not. */
export function hasFailed(status: MessageStatus): boolean {
  return status === "failed" || status === "undelivered" || status === "unknown" || status === "blocked";
}

/** Whether a message still has to be sent. */
export function isUnsettled(status: MessageStatus): boolean {
  return status === "pending" || status === "sending";
}

/** Whether a message is with its provider, and its end is not known. */
export function isUnderWay(status: MessageStatus): boolean {
  return status === "queued" || status === "sent";
}

/** Where a confirmation is, in the words of sms_confirmation_logs, by Twilio's MessageStatus. */
export function confirmationLogStatus(providerStatus: string): "queued" | "sending" | "sent" | "delivered" | "failed" {
  if (providerStatus === "sending") return "sending";
  const means = steps[providerStatus]?.means;
  if (means === "undelivered" || means === "failed") return "failed";
  return means === "sent" || means === "delivered" ? means : "queued";
}
