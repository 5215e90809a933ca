import type { Queryable } from "@bookproof/postgres";
import type { Offering } from "@bookproof/proto/booking";
import { localDayOf, localWeekOf } from "../domain/local-days.ts";
import { claimAnySlot } from "../queries/assign-calendar.ts";
import { claimSlotAtomic, type SlotClaim } from "../queries/holds.ts";

/** Where a slot is wanted: on the calendar that was named, or on whichever of these it is assigned to. */
export type Place = { calendarId: string } | { anyOf: string[] };

export type PlacedClaim = Pick<
  SlotClaim,
  "tenantId" | "holdId" | "start" | "callSid" | "customerName" | "customerPhone" | "holdMinutes"
> & {
  offering: Offering;
  /** The tenant's, IANA. */
  timeZone: string;
};

/** Wins the slot, or gives undefined when it is somebody else's. For `anyOf` the transaction has `lockAssignment`. */
export async function claimPlace(
  client: Queryable,
  { offering, timeZone, ...claim }: PlacedClaim,
  place: Place,
): Promise<{ calendarId: string; expiresAt: Date } | undefined> {
  const { id: offeringId, durationMinutes, bufferBeforeMinutes, bufferAfterMinutes } = offering;
  const slot = { ...claim, offeringId, durationMinutes, bufferBeforeMinutes, bufferAfterMinutes };
  if ("calendarId" in place) {
    const { success, expires_at } = await claimSlotAtomic(client, { ...slot, calendarId: place.calendarId });
    return success && expires_at ? { calendarId: place.calendarId, expiresAt: new Date(expires_at) } : undefined;
  }
  const start = claim.start.getTime();
  const local = { day: localDayOf(start, timeZone), week: localWeekOf(start, timeZone) };
  const answer = await claimAnySlot(client, { ...slot, ...local, calendarIds: place.anyOf });
  const { success, calendar_id: calendarId, expires_at } = answer;
  return success && calendarId && expires_at ? { calendarId, expiresAt: new Date(expires_at) } : undefined;
}
