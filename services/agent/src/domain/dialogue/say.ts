import type { Reason } from "@bookproof/errors";
import type { DialogueState } from "./dialogue-state.ts";
import type { Turn, TurnResult } from "./dialogue-types.ts";
import { requestedSlot } from "./requested-offering.ts";
import { LONGEST_TEXT } from "./words-en.ts";

/** A text that answers the turn. What the reply begins with is left out where both would be too long. */
export function say(turn: Turn, state: DialogueState, text: string): TurnResult {
  return { state: { ...state, missed: 0 }, reply: { kind: "text", text: withLead(turn.lead, text) }, stage: "AGENT" };
}

/** A text that hands the conversation to a human. */
export function handOver(turn: Turn, { text, reason }: { text: string; reason: Reason }): TurnResult {
  const { tenant, state } = turn;
  return {
    state: { ...state, missed: 0 },
    reply: { kind: "text", text },
    stage: "NEEDS_HUMAN",
    escalate: { reason, requested: requestedSlot(tenant, state) },
  };
}

export function withLead(lead: string | undefined, text: string): string {
  if (!lead || lead.length + text.length >= LONGEST_TEXT) return text;
  return `${lead}\n${text}`;
}
