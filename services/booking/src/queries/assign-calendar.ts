import type { Queryable } from "@bookproof/postgres";
import type { Span } from "../domain/openings.ts";
import type { ClaimAnswer, SlotClaim } from "./holds.ts";

/**
 * Lines up a tenant's claims that name no calendar, until their transactions end: each counts what the one before it took.
 * To be asked for first of all, so that whoever waits here keeps nobody waiting.
 */
export async function lockAssignment(client: Queryable, tenantId: string): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('assign:' || $1, 0))", [tenantId]);
}

/**
 * Reserves a slot on the calendar whose turn it is, else on the next; the same hold id stays on its calendar. In a transaction
 * that has `lockAssignment`.
 * @param claim `day` and `week` are the slot's local ones, milliseconds since the epoch. No calendar at all repeats an earlier claim.
 */
export async function claimAnySlot(
  client: Queryable,
  claim: Omit<SlotClaim, "calendarId"> & { calendarIds: string[]; day: Span; week: Span },
): Promise<ClaimAnswer & { calendar_id?: string }> {
  const { rows } = await client.query<{ answer: ClaimAnswer & { calendar_id?: string } }>({
    name: "claim_any_slot",
    text: "SELECT booking.claim_any_slot($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, tstzrange($13, $14), tstzrange($15, $16)) AS answer",
    values: [
      claim.tenantId,
      claim.calendarIds,
      claim.start,
      claim.callSid,
      claim.customerName,
      claim.customerPhone,
      claim.holdMinutes,
      claim.durationMinutes,
      claim.bufferBeforeMinutes,
      claim.bufferAfterMinutes,
      claim.holdId,
      claim.offeringId,
      ...[claim.day.from, claim.day.to, claim.week.from, claim.week.to].map((at) => new Date(at)),
    ],
  });
  return rows[0]?.answer ?? { success: false, error: "Slot already held" };
}
