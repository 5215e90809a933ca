import { type DialogueState, type Hold, withoutHold, withoutRequest } from "./dialogue-state.ts";
import type { Turn, TurnResult } from "./dialogue-types.ts";
import { offerFound } from "./offer-openings.ts";
import { requestedOffering, slotInWords } from "./requested-offering.ts";
import { say } from "./say.ts";
import { searchNear, searchNext } from "./search-openings.ts";
import { texts } from "./words-en.ts";

/**
 * Carries out the customer's CONFIRM (P1: the words "you're booked" are the notifier's, who sees the proof; P2: a
 * failure is told to customer and owner by the saga). A hold that ran out is tried all the same: booking takes its slot
 * again if it is free.
 */
export async function confirmHold(turn: Turn, hold: Hold): Promise<TurnResult> {
  const { tenant, state, now, tools } = turn;
  const offering = requestedOffering(tenant, state);
  const outcome = await tools.confirmBooking({
    holdId: hold.id,
    customerName: state.name ?? "",
    address: offering.needsAddress ? (state.address ?? "") : "",
  });
  switch (outcome.status) {
    case "confirmed": {
      const { appointmentId } = outcome;
      return { state: settleConfirm(state, outcome), reply: { kind: "booked", appointmentId }, stage: "BOOKED" };
    }
    case "failed":
      return { state: settleConfirm(state, outcome), reply: { kind: "none" }, stage: "FAILED" };
    case "running":
      return { ...say(turn, { ...state, step: "confirming" }, texts.finalizing()), stage: "CONFIRM" };
    case "slot_taken": {
      const open = { ...turn, state: withoutHold(state) };
      if (new Date(hold.start) <= now) {
        return offerFound(open, await searchNext(open, { lead: texts.timePassed(offering.name) }));
      }
      const lead = texts.justTaken(offering.name, slotInWords(hold.start, tenant));
      return offerFound(open, await searchNear(open, new Date(hold.start), lead));
    }
  }
}

/** The state after a CONFIRM has come to its end, in the turn itself or, having been `running`, later. */
export function settleConfirm(
  state: DialogueState,
  outcome: { status: "confirmed"; appointmentId: string } | { status: "failed" },
): DialogueState {
  const settled = withoutHold(withoutRequest(state));
  if (outcome.status === "failed" || !state.hold) return { ...settled, missed: 0 };
  const { offeringId, start } = state.hold;
  return { ...settled, missed: 0, booked: { appointmentId: outcome.appointmentId, offeringId, start } };
}
