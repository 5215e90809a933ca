import type { Turn, TurnResult } from "./dialogue-types.ts";
import { requestedOffering, slotInWords } from "./requested-offering.ts";
import { handOver, say } from "./say.ts";
import { type Found, whenOf } from "./search-openings.ts";
import { texts } from "./words-en.ts";

/** Presents what a search found, to choose from. */
export function offerFound(turn: Turn, found: Found): TurnResult {
  const { tenant, state } = turn;
  const offering = requestedOffering(tenant, state);
  const asking = { ...state, offeringId: offering.id, step: "choosing_time" as const, openings: [] };
  if (found.kind === "unreadable") {
    return handOver({ ...turn, state: asking }, { text: texts.unreadable(), reason: "calendar_unreadable" });
  }
  const openings = found.kind === "exact" ? [found.opening] : found.openings;
  if (openings.length === 0) return say(turn, asking, texts.noOpenings(offering.name, tenant.horizonDays));
  const lead = found.kind === "exact" ? texts.isOpen(offering.name) : found.lead;
  const when = found.kind === "exact" ? whenOf(found.opening, tenant.timeZone) : state.when;
  const next = { ...asking, step: "choosing_opening" as const, openings, ...(when && { when }) };
  return listOpenings({ ...turn, state: next }, lead);
}

/** "1) Tue, Jan 15 at 2:00 PM" and so on: the state's openings in their order. */
export function listOpenings(turn: Turn, lead: string): TurnResult {
  const { state, tenant } = turn;
  const slots = state.openings.map(({ start }) => slotInWords(start, tenant));
  return say(turn, state, texts.openings(lead, slots));
}
