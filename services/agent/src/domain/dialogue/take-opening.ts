import { askNext } from "./ask-next.ts";
import type { Opening } from "./dialogue-state.ts";
import type { Turn, TurnResult } from "./dialogue-types.ts";
import { offerFound } from "./offer-openings.ts";
import { requestedOffering, slotInWords } from "./requested-offering.ts";
import { clockChangeLead, searchNear, searchNext, whenOf } from "./search-openings.ts";
import { texts } from "./words-en.ts";

/** Holds an opening for the customer and asks for what is missing; a lost race is told, with other openings. */
export async function takeOpening(turn: Turn, opening: Opening): Promise<TurnResult> {
  const { tenant, state, now, tools } = turn;
  const offering = requestedOffering(tenant, state);
  const held = state.hold;
  const sameCalendar = held?.calendarId === opening.calendarId || opening.calendarId === "";
  const kept = held && held.offeringId === offering.id && sameCalendar;
  if (kept && sameMoment(held.start, opening.start) && new Date(held.expiresAt) > now) {
    return askNext({ ...turn, state: { ...state, when: whenOf(opening, tenant.timeZone) } });
  }
  if (new Date(opening.start) <= now)
    return offerFound(turn, await searchNext(turn, { lead: texts.timePassed(offering.name) }));
  const claim = await tools.claimSlot({
    offeringId: offering.id,
    opening,
    ...(state.name && { customerName: state.name }),
    ...(held && { replacesHoldId: held.id }),
  });
  const slot = slotInWords(opening.start, tenant);
  if (!claim.held) {
    const lead = claim.taken ? texts.justTaken(offering.name, slot) : texts.notAvailable(offering.name, slot);
    return offerFound(turn, await searchNear(turn, new Date(opening.start), lead));
  }
  const { calendarId, calendarName, expiresAt } = claim;
  const { start, end } = opening;
  const hold = { id: claim.holdId, offeringId: offering.id, calendarId, calendarName, start, end, expiresAt };
  const clocks = clockChangeLead(turn);
  const next = {
    ...turn,
    ...(clocks && { lead: clocks }),
    state: { ...state, offeringId: offering.id, hold, when: whenOf(opening, tenant.timeZone) },
  };
  const asksMore = !state.name || (offering.needsAddress && !state.address);
  return askNext(next, asksMore ? texts.holding(offering.name, slot, calendarName) : undefined);
}

/** Goes on with the slot held, taking it again if the hold ran out while the customer was thinking. */
export function continueWithHold(turn: Turn): Promise<TurnResult> | TurnResult {
  const { hold } = turn.state;
  if (!hold || new Date(hold.expiresAt) > turn.now) return askNext(turn);
  return takeOpening(turn, hold);
}

function sameMoment(a: string, b: string): boolean {
  return Date.parse(a) === Date.parse(b);
}
