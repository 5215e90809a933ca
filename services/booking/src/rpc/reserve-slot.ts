import { BookproofError } from "@bookproof/errors";
import type { Offering, ReserveSlotRequest, ReserveSlotResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { countHoldConflict } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/phone-number.ts";
import type { KnownTenant } from "../queries/tenants.ts";
import type { Place } from "../reservation/claim-calendar.ts";
import { createSlotReader, type SlotState } from "../reservation/slot-reader.ts";
import { type Reservation, type Reserved, tryToReserve } from "../reservation/try-to-reserve.ts";
import { createTurnstile } from "../reservation/turnstile.ts";

const noContact = "I need your email or phone";
const schema = z.object({
  tenantId: z.guid(),
  callId: z.string().max(200),
  offeringId: z.string(),
  calendarId: z.string(),
  start: z.date(),
  customer: z.object({
    name: z.string().trim().max(200),
    phone: z.string().max(50),
    email: z.string().trim().max(320),
  }),
  bookingSource: z.enum(["sms", "phone_ai", "web", "manual", "import"]),
});

/** Reserves a slot for a caller; a loser is answered, not refused. Many may ask for one slot at once. */
export const reserveSlot = (deps: Deps) => {
  const slots = createSlotReader(deps);
  const turnstile = createTurnstile();

  /**
   * @param calendarIds the calendar that was named, or all that it may be.
   * @returns undefined when others have the slot. @throws BookproofError when it is not open or cannot be read.
   */
  async function reserveOn(
    reservation: Omit<Reservation, "place">,
    known: KnownTenant,
    calendarIds: string[],
  ): Promise<Reserved | undefined> {
    const { tenantId, offering, callKey } = reservation;
    const start = reservation.start.getTime();
    const key = [tenantId, start, ...calendarIds].join(" ");
    while (true) {
      const states = await slots.states({ known, offering, calendarIds, start }, callKey);
      const place = placeOf(calendarIds, states);
      if (!place) return undefined;
      const ahead = turnstile.ahead(key);
      if (!ahead) return turnstile.pass(key, () => tryToReserve(deps, { ...reservation, place }));
      await ahead;
    }
  }

  return async (request: ReserveSlotRequest): Promise<ReserveSlotResponse> => {
    if (!request.customer?.phone.trim() && !request.customer?.email.trim())
      throw new BookproofError("invalid_argument", noContact);
    const wanted = parseRequest(schema, { ...request, bookingSource: request.bookingSource || "phone_ai" });
    const known = await slots.tenant(wanted.tenantId);
    const offering = offeringOf(known, wanted.offeringId);
    const calendarIds = wanted.calendarId ? [calendarOf(known, offering, wanted.calendarId)] : offering.calendarIds;
    const customer = reachable(wanted.customer, known);
    const reservation = {
      ...wanted,
      offering,
      customer,
      isCall: wanted.callId !== "",
      callKey: wanted.callId || customer.phone || customer.email.toLowerCase(),
      timeZone: known.tenant.timeZone,
      holdMinutes: known.tenant.bookingRules?.holdMinutes ?? 10,
    };
    const reserved = await reserveOn(reservation, known, calendarIds);
    if (reserved) return won(reserved, known, offering);
    countHoldConflict({ reason: "slot_already_held" });
    return lost;
  };
};

/**
 * Where to try: the calendar that was asked for, or those that are free. One on which the caller has that very slot comes
 * before a free one, and the transaction looks for it on them all.
 * @returns undefined where others have it. @throws BookproofError with why none is open; an unreadable one is the better reason.
 */
function placeOf(calendarIds: string[], states: SlotState[]): Place | undefined {
  const [only = ""] = calendarIds;
  const anyOf = calendarIds.filter((_, index) => states[index] === "open");
  if (states.includes("own") || anyOf.length > 0) return calendarIds.length === 1 ? { calendarId: only } : { anyOf };
  if (states.includes("held")) return undefined;
  const unreadable = states.findLast((state) => typeof state === "object");
  throw new BookproofError(unreadable?.unreadable ?? "slot_not_open");
}

const lost: ReserveSlotResponse = {
  success: false,
  holdId: "",
  expiresAt: undefined,
  error: "Slot already held",
  contactId: "",
  calendarId: "",
  offeringId: "",
  offeringName: "",
  calendarName: "",
};

const won = (reserved: Reserved, known: KnownTenant, offering: Offering): ReserveSlotResponse => ({
  ...reserved,
  success: true,
  error: "",
  offeringId: offering.id,
  offeringName: offering.name,
  calendarName: known.calendarNames[reserved.calendarId] ?? "",
});

/** The offering's calendar of this id or name. */
function calendarOf(known: KnownTenant, offering: Offering, named: string): string {
  const { calendarIds } = offering;
  const isNamed = (id: string) => known.calendarNames[id]?.toLowerCase() === named.trim().toLowerCase();
  const calendarId = calendarIds.find((id) => id === named) ?? calendarIds.find(isNamed);
  if (calendarId === undefined) throw new BookproofError("calendar_not_found");
  return calendarId;
}

function offeringOf(known: KnownTenant, id: string): Offering {
  const { offerings } = known.tenant;
  const offering = id ? offerings.find((candidate) => candidate.id === id) : offerings[0];
  if (!offering) throw new BookproofError("offering_not_found");
  return offering;
}

/** The customer with a phone in E.164 and an e-mail that is one; what cannot be used counts as not given. */
function reachable(customer: Reservation["customer"], known: KnownTenant): Reservation["customer"] {
  const phone = toE164(customer.phone, known.tenant.phoneNumbers[0] ?? "") ?? "";
  const email = z.email().safeParse(customer.email).success ? customer.email : "";
  if (!phone && !email) throw new BookproofError("invalid_argument", noContact);
  return { ...customer, phone, email };
}
