/** The invariants of the fault design, in its words and order. */
export type Invariant =
  | "no_lies" // 1, P1
  | "no_silence" // 2, P2
  | "one_alert" // 3
  | "one_event" // 4: one live event a confirmed appointment, no orphans, no overlaps
  | "no_crossing" // 5: tenants
  | "no_text_after_stop" // 5: opt-outs and the blocklist
  | "terminal_states" // 6
  | "attempts_end" // 6: in time
  | "nothing_lost"; // 7: each text taken in, answered at most once

export interface Violation {
  invariant: Invariant;
  /** What it is about: a MessageSid, an attempt's or appointment's id. */
  subject: string;
  what: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What happened, summed; a run in which nothing did proves nothing. */
export interface HistoryCounts {
  /** Customers' texts that Twilio took in. */
  texts: number;
  confirms: number;
  booked: number;
  escalated: number;
  /** Booked, and the owner had been told that the outcome was unknown. */
  unknownThenResolved: number;
  claims: number;
  /** First alerts that Twilio or the mailbox accepted. */
  alerts: number;
  duplicateAlertsAfterUnknownSends: number;
  duplicateTextsAfterUnknownSends: number;
  /** Texts that no webhook took, at any try, so that Twilio knows that nobody has them. */
  refusedTexts: number;
}

export interface CheckOptions {
  /** When the last fault was lifted and every instance ran again, ms since the epoch. */
  healedAt: number;
  /** When the history was read; now, where it is left out. */
  readAt?: number;
  /** An attempt's deadline; 6 s in production. */
  attemptDeadlineMs: number;
  /** Healthy time that an attempt, or an unread text, may take on top; 30 s by the design. */
  graceMs?: number;
  /** How long after a lost slot the owner need not have heard of it; 30 minutes in production. */
  lostSlotMs?: number;
  /** Numbers nothing may be sent to, E.164. */
  blocklist?: string[];
  /** When Twilio could not be reached in time by other means than its simulator's own rules: cut wires, pauses (`watchPauses`). */
  cuts?: { from: number; to: number }[];
}

export interface HistoryReport {
  violations: Violation[];
  counts: HistoryCounts;
}
