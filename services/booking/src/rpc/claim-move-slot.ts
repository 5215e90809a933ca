import { BookproofError } from "@bookproof/errors";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { ClaimMoveSlotRequest, ClaimMoveSlotResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { countHoldConflict } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { slotBeside } from "../domain/slot-beside.ts";
import { type ChangingAppointment, lockAppointment, setMovedAppointment } from "../queries/appointment-changes.ts";
import { claimSlotAtomic, releaseMoveHolds } from "../queries/holds.ts";
import { retryDeadlock } from "../queries/retry-deadlock.ts";
import { selectTenant } from "../queries/tenants.ts";

const schema = z.object({
  tenantId: z.guid(),
  appointmentId: z.guid(),
  holdId: z.guid(),
  calendarId: z.string().max(200),
  start: z.date(),
  callSid: z.string(),
  customerPhone: z.string(),
});
type Claim = z.infer<typeof schema>;

/** Reserves the slot that an appointment is to move to; what was reserved for that before is given back. A loser is answered, not refused. */
export const claimMoveSlot =
  (deps: Deps) =>
  async (request: ClaimMoveSlotRequest): Promise<ClaimMoveSlotResponse> => {
    const claim = parseRequest(schema, request);
    const work = (client: Queryable) => claimInTransaction(client, claim);
    const won = await retryDeadlock(() => withTenant(deps.pool, claim.tenantId, work));
    if (won) return { success: true, holdId: claim.holdId, error: "", ...won };
    countHoldConflict({ reason: "slot_already_held" });
    const lost = { success: false, holdId: "", expiresAt: undefined, calendarId: "", calendarName: "" };
    return { ...lost, error: "Slot already held" };
  };

interface Won {
  expiresAt: Date;
  calendarId: string;
  calendarName: string;
}

async function claimInTransaction(client: Queryable, claim: Claim): Promise<Won | undefined> {
  const { tenantId, holdId, start } = claim;
  const known = await selectTenant(client, tenantId);
  if (!known) throw new BookproofError("tenant_not_found");
  // The appointment before any hold: so does its change, and neither waits for the other's lock.
  const { was, offeringId, customerName, customerPhone } = await lockOwn(client, claim);
  const calendarId = claim.calendarId || was.calendarId;
  const offering = known.tenant.offerings.find(({ id }) => id === offeringId);
  if (calendarId !== was.calendarId && !offering?.calendarIds.includes(calendarId))
    throw new BookproofError("calendar_not_found");
  // Moved by this very hold: a repeat of the move then answers as it ended.
  if (was.holdId === holdId) return { expiresAt: start, calendarId, calendarName: was.calendarName };
  if (start.getTime() <= Date.now()) throw new BookproofError("too_late", "That time has passed already.");
  if (calendarId === was.calendarId && Date.parse(was.start) === start.getTime())
    throw new BookproofError("slot_not_open", "The appointment is at that time already.");
  await releaseMoveHolds(client, tenantId, claim.appointmentId, holdId);
  const answer = await claimSlotAtomic(client, {
    ...{ tenantId, holdId, calendarId, offeringId, start, callSid: claim.callSid, customerName, customerPhone },
    holdMinutes: known.tenant.bookingRules?.holdMinutes ?? 10,
    ...slotBeside(was, { calendarId, start }),
  });
  if (!answer.success || !answer.expires_at) return undefined;
  await setMovedAppointment(client, tenantId, holdId, claim.appointmentId);
  const calendarName = known.calendarNames[calendarId] ?? "";
  return { expiresAt: new Date(answer.expires_at), calendarId, calendarName };
}

/** Confirmed, and the customer's own; without a phone it is the owner who asks. */
async function lockOwn(
  client: Queryable,
  { tenantId, appointmentId, customerPhone }: Claim,
): Promise<ChangingAppointment> {
  const appointment = await lockAppointment(client, tenantId, appointmentId);
  if (!appointment || (customerPhone && appointment.customerPhone !== customerPhone))
    throw new BookproofError("appointment_not_found");
  if (appointment.status !== "confirmed") throw new BookproofError("appointment_not_confirmed");
  return appointment;
}
