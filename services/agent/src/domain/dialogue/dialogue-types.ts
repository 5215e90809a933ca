import type { Reason } from "@bookproof/errors";
import type { WorkingHours } from "../when.ts";
import type { DialogueState, Opening } from "./dialogue-state.ts";

/** What the dialogue knows of a business. */
export interface TenantProfile {
  name: string;
  /** IANA name. */
  timeZone: string;
  /** The number customers text, E.164. */
  phoneNumber: string;
  /** How many days ahead can be booked. */
  horizonDays: number;
  /** At least one; the first is meant where none is named. */
  offerings: OfferingProfile[];
  /** The union over its calendars. */
  workingHours: WorkingHours;
}

export interface OfferingProfile {
  id: string;
  name: string;
  aliases: string[];
  durationMinutes: number;
  needsAddress: boolean;
  /** Free text for "how much is it?"; may be empty. */
  priceHint: string;
}

/** Openings begin in [from, to). */
export interface TimeWindow {
  from: Date;
  to: Date;
}

export type ConfirmOutcome =
  | { status: "confirmed"; appointmentId: string }
  | { status: "failed"; reason: string }
  | { status: "running" }
  | { status: "slot_taken" };

/** What the dialogue does to the world. Whoever carries it out makes each call safe to repeat. */
export interface DialogueTools {
  /**
   * Free starts, the windows searched in their order, at most `limit`, none overlapping another. `ownHoldId` counts as
   * free. `unreadable` when a calendar could not be read, so that having no opening proves nothing.
   */
  findOpenings(args: {
    offeringId: string;
    windows: TimeWindow[];
    /** 1–50 */
    limit: number;
    ownHoldId?: string;
  }): Promise<{ openings: Opening[]; unreadable: boolean }>;
  /** Without a calendar in the opening the answer tells which one it became. `taken`: by somebody else; else it is not open. */
  claimSlot(args: {
    offeringId: string;
    opening: Opening;
    customerName?: string;
    /** Given back only if the new slot is won. */
    replacesHoldId?: string;
  }): Promise<
    | { held: true; holdId: string; expiresAt: string; calendarId: string; calendarName: string }
    | { held: false; taken: boolean }
  >;
  /** `address` is "" where none is needed. */
  confirmBooking(args: { holdId: string; customerName: string; address: string }): Promise<ConfirmOutcome>;
}

/**
 * `booked`: the notifier says so, after it has seen the proof; no text of the dialogue claims a booking.
 * `none`: the customer hears from elsewhere.
 */
export type Reply = { kind: "text"; text: string } | { kind: "booked"; appointmentId: string } | { kind: "none" };

/** What the customer wanted when a human is called in, as far as it is known. */
export interface RequestedSlot {
  offeringName?: string;
  calendarName?: string;
  /** RFC 3339 */
  start?: string;
  customerName?: string;
  address?: string;
}

export interface TurnInput {
  tenant: TenantProfile;
  state: DialogueState;
  /** All unread texts of the conversation, oldest first; one reply answers them all. */
  texts: string[];
  /** A picture or another attachment came with them. */
  media: boolean;
  now: Date;
  tools: DialogueTools;
}

/** The outcome of a turn. */
export interface TurnResult {
  state: DialogueState;
  reply: Reply;
  /** The conversation's stage after this turn. */
  stage: "AGENT" | "CONFIRM" | "BOOKED" | "NEEDS_HUMAN" | "FAILED";
  escalate?: { reason: Reason; requested: RequestedSlot };
}

/** A turn under way: `state` is what is known so far, `lead` what the reply begins with. */
export interface Turn {
  tenant: TenantProfile;
  state: DialogueState;
  now: Date;
  tools: DialogueTools;
  lead?: string;
}
