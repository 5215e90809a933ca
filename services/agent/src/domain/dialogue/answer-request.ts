import type { Turn, TurnResult } from "./dialogue-types.ts";
import { goOn, isHolding } from "./go-on.ts";
import { offerFound } from "./offer-openings.ts";
import { requestedOffering } from "./requested-offering.ts";
import { say } from "./say.ts";
import { searchNext, searchRequested } from "./search-openings.ts";
import { takeOpening } from "./take-opening.ts";
import { texts } from "./words-en.ts";

/** Holds the exact time asked for where it is free, unless the customer only asked whether it is; else offers openings. */
export async function answerRequest(turn: Turn, asksOnly: boolean): Promise<TurnResult> {
  const found = await searchRequested(turn);
  return found.kind === "exact" && !asksOnly ? takeOpening(turn, found.opening) : offerFound(turn, found);
}

/** A CONFIRM that confirms nothing: the truth, and what can be had. */
export async function answerEmptyConfirm(turn: Turn): Promise<TurnResult> {
  const { state, tenant, now } = turn;
  if (isHolding(state)) return goOn(state.step === "awaiting_confirm" ? turn : { ...turn, lead: texts.notYet() });
  if (state.step === "idle" && state.booked && new Date(state.booked.start) > now) {
    return say(turn, state, texts.nothingToConfirmBut());
  }
  const open = { ...turn, lead: texts.nothingToConfirm() };
  const lead = texts.nextOpenings(requestedOffering(tenant, state).name);
  return offerFound(open, state.step === "idle" ? await searchNext(open, { lead }) : await searchRequested(open));
}
