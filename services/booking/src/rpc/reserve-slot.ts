import { BookproofError, type Reason } from "@bookproof/errors";
import type { Offering, ReserveSlotRequest, ReserveSlotResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { countHoldConflict } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/phone-number.ts";
import type { KnownTenant } from "../queries/tenants.ts";
import { createSlotReader } from "../reservation/slot-reader.ts";
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

  /** @returns undefined when somebody else has the slot. @throws BookproofError when it is not open or cannot be read. */
  async function reserveOn(reservation: Reservation, known: KnownTenant): Promise<Reserved | undefined> {
    const { tenantId, calendarId, offering, callKey } = reservation;
    const start = reservation.start.getTime();
    const key = `${tenantId} ${calendarId} ${start}`;
    while (true) {
      const state = await slots.state({ known, offering, calendarId, start, callKey });
      if (state === "held") return undefined;
      if (state === "closed") throw new BookproofError("slot_not_open");
      if (typeof state === "object") throw new BookproofError(state.unreadable);
      const ahead = turnstile.ahead(key);
      if (!ahead) return turnstile.pass(key, () => tryToReserve(deps, reservation));
      await ahead;
    }
  }

  /** The offering's calendars, beginning with one on which the caller holds that very slot. */
  async function ownFirst(reservation: Omit<Reservation, "calendarId">, known: KnownTenant): Promise<string[]> {
    const { offering, callKey } = reservation;
    if (offering.calendarIds.length < 2) return offering.calendarIds;
    const start = reservation.start.getTime();
    const states = await Promise.all(
      offering.calendarIds.map((calendarId) => slots.state({ known, offering, calendarId, start, callKey })),
    );
    const own = offering.calendarIds.filter((_, index) => states[index] === "own");
    return [...new Set([...own, ...offering.calendarIds])];
  }

  return async (request: ReserveSlotRequest): Promise<ReserveSlotResponse> => {
    if (!request.customer?.phone.trim() && !request.customer?.email.trim())
      throw new BookproofError("invalid_argument", noContact);
    const wanted = parseRequest(schema, { ...request, bookingSource: request.bookingSource || "phone_ai" });
    const known = await slots.tenant(wanted.tenantId);
    const offering = offeringOf(known, wanted.offeringId);
    if (wanted.calendarId && !offering.calendarIds.includes(wanted.calendarId))
      throw new BookproofError("calendar_not_found");
    const customer = reachable(wanted.customer, known);
    const reservation = {
      ...wanted,
      offering,
      customer,
      isCall: wanted.callId !== "",
      callKey: wanted.callId || customer.phone || customer.email.toLowerCase(),
      holdMinutes: known.tenant.bookingRules?.holdMinutes ?? 10,
    };
    let refusal: unknown;
    let isHeld = false;
    const calendarIds = wanted.calendarId ? [wanted.calendarId] : await ownFirst(reservation, known);
    for (const calendarId of calendarIds) {
      try {
        const reserved = await reserveOn({ ...reservation, calendarId }, known);
        if (reserved) return won(reserved, { known, offering, calendarId });
        isHeld = true;
      } catch (error) {
        // Another of the offering's calendars may be free; an unreadable one is the better reason of the two.
        if (!(error instanceof BookproofError)) throw error;
        if (!refusal || error.reason !== notOpen) refusal = error;
      }
    }
    if (!isHeld) throw refusal;
    countHoldConflict({ reason: "slot_already_held" });
    return lost;
  };
};

const notOpen: Reason = "slot_not_open";

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

const won = (
  { holdId, expiresAt, contactId }: Reserved,
  { known, offering, calendarId }: { known: KnownTenant; offering: Offering; calendarId: string },
): ReserveSlotResponse => ({
  success: true,
  holdId,
  expiresAt,
  error: "",
  contactId,
  calendarId,
  offeringId: offering.id,
  offeringName: offering.name,
  calendarName: known.calendarNames[calendarId] ?? "",
});

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
