import type { DialogueState } from "./dialogue-state.ts";
import type { Turn, TurnResult } from "./dialogue-types.ts";
import { requestedOffering, slotInWords } from "./requested-offering.ts";
import { say, withLead } from "./say.ts";
import { texts } from "./words-en.ts";

/**
 * What is still missing for the slot held: the name, the address where the offering needs one, then CONFIRM.
 * Without a slot it asks for the day and time.
 */
export function askNext(turn: Turn, lead?: string): TurnResult {
  const { state, tenant } = turn;
  const offering = requestedOffering(tenant, state);
  if (!state.hold) return askForTime(turn);
  const ask = (step: DialogueState["step"], text: string) =>
    say(turn, { ...state, step, offeringId: offering.id }, withLead(lead, text));
  if (!state.name) return ask("asking_name", texts.askName());
  if (offering.needsAddress && !state.address) return ask("asking_address", texts.askAddress());
  return ask("awaiting_confirm", summaryOf(turn, state.name, state.hold));
}

/** Asks what is wanted, where that is open, and when. */
export function askForTime(turn: Turn): TurnResult {
  const { state, tenant } = turn;
  const offering = tenant.offerings.length === 1 ? tenant.offerings[0]?.id : state.offeringId;
  if (offering === undefined) return say(turn, state, texts.askWhatAndWhen(tenant.offerings.map(({ name }) => name)));
  return say(turn, { ...state, step: "choosing_time" }, texts.askWhen(requestedOffering(tenant, state).name));
}

function summaryOf({ state, tenant }: Turn, name: string, hold: { start: string; calendarName: string }): string {
  const offering = requestedOffering(tenant, state);
  return texts.summary({
    offering: offering.name,
    slot: slotInWords(hold.start, tenant),
    calendar: hold.calendarName,
    name,
    address: offering.needsAddress ? state.address : undefined,
  });
}
