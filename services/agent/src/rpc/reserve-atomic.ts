import { hasReason, type Reason } from "@bookproof/errors";
import { enqueue, type Queryable } from "@bookproof/postgres";
import type { ReserveAtomicRequest, ReserveAtomicResponse } from "@bookproof/proto/agent";
import type { ReserveSlotResponse, Tenant } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { answerTool, done, refused, type ToolAnswer } from "../calls/answer-tool.ts";
import { callerSchema } from "../calls/open-call.ts";
import { requestedOffering } from "../calls/requested-offering.ts";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/voice/caller-number.ts";
import { requestedSlotTime } from "../domain/voice/requested-slot-time.ts";
import { speech } from "../domain/voice/speech.ts";
import { releaseHold } from "../jobs/voice-definitions.ts";
import { storeHold } from "../queries/call-progress.ts";
import { type Call, insertCall, type RequestedByCall } from "../queries/calls.ts";

const text = z.string().max(200);
const schema = z.object({
  caller: callerSchema,
  slotId: text,
  calendarId: text,
  patientName: text,
  patientPhone: text,
  patientEmail: text,
  serviceType: text,
});
type Wanted = z.output<typeof schema>;
type Answer = ToolAnswer<Omit<ReserveAtomicResponse, "outcome">>;

const noHold = { holdId: "", expiresAt: undefined, contactId: "" };
const refusal = (reason: Reason, said: string, error?: string): Answer => ({
  outcome: refused(reason, said, error),
  fields: noHold,
});

/** Seed 004's words. */
const noContact = refusal("invalid_argument", speech.needContact, "I need your email or phone");

/** A hold takes longer than a look: a burst of callers for one slot queues up in booking. */
const deadlineMs = 10_000;

/**
 * Voice tool reserve_atomic: holds a slot that was offered to the call or is free now; booking sees to that, and that the
 * same caller asking for the same slot again has the same hold.
 */
export const reserveAtomic =
  (deps: Deps) =>
  async (request: ReserveAtomicRequest): Promise<ReserveAtomicResponse> => {
    const wanted = parseRequest(schema, request);
    const { caller, patientPhone } = wanted;
    // Seed 004: without a way to reach the caller nothing is looked up.
    if (!caller.callerPhone && !/\d/.test(patientPhone) && !wanted.patientEmail.includes("@")) {
      return { ...noHold, outcome: noContact.outcome };
    }
    return answerTool(
      deps,
      "reserve_atomic",
      { caller, patientPhone },
      (call) => reserve(deps, call, wanted),
      (reason) => ({ ...refusal(reason, speech.failed), escalate: reason }),
    );
  };

async function reserve(deps: Deps, call: Call, wanted: Wanted): Promise<Answer> {
  const tenant = await deps.readTenant(call.tenantId);
  const customer = {
    name: wanted.patientName.trim(),
    // Without the call's own number the one named last counts: a caller may correct it.
    phone: callersNumber(call, wanted),
    email: wanted.patientEmail.trim(),
  };
  if (!customer.phone && !customer.email.includes("@")) {
    return noContact;
  }
  const start = requestedSlotTime(wanted.slotId, tenant.timeZone);
  if (!start) return refusal("invalid_argument", speech.unclearTime);
  if (start.getTime() <= Date.now()) return refusal("too_late", speech.timePassed);
  const slot = slotOf(call, tenant, wanted, start);
  if (!slot) return noSuchOffering(tenant);
  const asked: RequestedByCall = {
    start: start.toISOString(),
    offeringId: slot.offeringId,
    ...(customer.name && { customerName: customer.name }),
    ...(customer.email && { customerEmail: customer.email }),
  };
  const reserved = await askBooking(deps, call, { ...slot, start, customer });
  if (reserved === "not_open") return refusal("slot_not_open", speech.notOpen);
  if (reserved === "no_contact") return noContact;
  if (!reserved.success) return refusal("slot_already_held", speech.taken, "Slot already held");
  return {
    outcome: done(speech.held),
    fields: { holdId: reserved.holdId, expiresAt: reserved.expiresAt, contactId: reserved.contactId },
    remember: (client) => remember(client, call, { reserved, customerPhone: customer.phone, asked }),
  };
}

function callersNumber({ customerPhone, tenantPhone }: Call, { caller, patientPhone }: Wanted): string {
  return (!toE164(caller.callerPhone, tenantPhone) && toE164(patientPhone, tenantPhone)) || customerPhone;
}

function noSuchOffering({ offerings }: Tenant): Answer {
  if (offerings.length === 0)
    return { ...refusal("offering_not_found", speech.noServices), escalate: "offering_not_found" };
  return refusal("offering_not_found", speech.noSuchService(offerings.map(({ name }) => name)));
}

/** What was offered to the call tells the service where the model leaves it out, and the calendar, of which it heard the name. */
function slotOf(call: Call, tenant: Tenant, wanted: Wanted, start: Date) {
  const isWanted = (name: string) => name.toLowerCase() === wanted.calendarId.trim().toLowerCase();
  const offeredThen = call.offered.filter(({ start: at }) => Date.parse(at) === start.getTime());
  const offered = offeredThen.find(
    ({ calendarId, calendarName }) => !wanted.calendarId || isWanted(calendarId) || isWanted(calendarName),
  );
  const offeringId = wanted.serviceType.trim()
    ? requestedOffering(tenant, wanted.serviceType)?.id
    : ((offered ?? offeredThen[0])?.offeringId ?? requestedOffering(tenant, "")?.id);
  return offeringId && { offeringId, calendarId: offered?.calendarId ?? wanted.calendarId };
}

async function askBooking(
  deps: Deps,
  call: Call,
  slot: {
    offeringId: string;
    calendarId: string;
    start: Date;
    customer: { name: string; phone: string; email: string };
  },
): Promise<ReserveSlotResponse | "not_open" | "no_contact"> {
  const { tenantId, cid } = call;
  try {
    return await deps.booking.reserveSlot(
      { ...slot, tenantId, cid, callId: call.callId, bookingSource: "phone_ai" },
      { deadline: deadlineMs },
    );
  } catch (error) {
    if (hasReason(error, "slot_not_open", "calendar_not_found")) return "not_open";
    if (hasReason(error, "invalid_argument")) return "no_contact";
    throw error;
  }
}

async function remember(
  client: Queryable,
  call: Call,
  held: { reserved: ReserveSlotResponse; customerPhone: string; asked: RequestedByCall },
): Promise<void> {
  const { reserved, customerPhone, asked } = held;
  const { holdId, expiresAt } = reserved;
  const row = call.callId ? call : await insertCall(client, { ...call, callId: `hold:${holdId}` });
  await storeHold(client, row, {
    holdId,
    customerPhone,
    requested: {
      ...asked,
      offeringId: reserved.offeringId || asked.offeringId,
      offeringName: reserved.offeringName,
      calendarName: reserved.calendarName,
      ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    },
  });
  // A caller who takes another time gives the first one back.
  if (call.holdId && call.holdId !== holdId && call.holdId !== call.confirmingHoldId) {
    await enqueue(client, releaseHold, { tenantId: call.tenantId, holdId: call.holdId });
  }
}
