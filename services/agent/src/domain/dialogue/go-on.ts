import { askForTime } from "./ask-next.ts";
import type { DialogueState } from "./dialogue-state.ts";
import type { Turn, TurnResult } from "./dialogue-types.ts";
import { listOpenings, offerFound } from "./offer-openings.ts";
import { requestedOffering } from "./requested-offering.ts";
import { searchRequested } from "./search-openings.ts";
import { continueWithHold } from "./take-opening.ts";
import { texts } from "./words-en.ts";

/** The talk is about one slot: a name, an address or the CONFIRM is missing. */
export function isHolding({ step, hold }: DialogueState): boolean {
  return hold !== undefined && (step === "asking_name" || step === "asking_address" || step === "awaiting_confirm");
}

/** Asks again for what the customer was last asked for, brought up to date where time has passed over it. */
export async function goOn(turn: Turn): Promise<TurnResult> {
  const { state, tenant, now } = turn;
  if (isHolding(state)) return continueWithHold(turn);
  if (state.step !== "choosing_opening") return askForTime(turn);
  const stale = state.openings.some(({ start }) => new Date(start) <= now);
  if (stale || state.openings.length === 0) return offerFound(turn, await searchRequested(turn));
  return listOpenings(turn, texts.whichOne(requestedOffering(tenant, state).name));
}
