import type { Reason } from "@bookproof/errors";
import type { AppointmentSummary } from "@bookproof/proto/booking";
import { DateTime } from "luxon";
import type { Deps } from "../deps.ts";

/** Tells the owner, and nobody else, what a calendar shows; the same cid and reason are one alert. */
export async function alertOwner(
  deps: Deps,
  alert: {
    tenantId: string;
    cid: string;
    reason: Reason;
    appointment?: AppointmentSummary;
    note: string;
    linkPath?: string;
  },
): Promise<void> {
  const { tenantId, cid, reason, appointment, note, linkPath = "" } = alert;
  await deps.notifier.notifyOwnerBookingFailure({
    ...{
      tenantId,
      cid,
      conversationId: "",
      attemptId: "",
      reason,
      note,
      linkPath,
      customerText: "",
      followsAttemptId: "",
    },
    requested: {
      customerPhone: appointment?.customerPhone ?? "",
      customerName: appointment?.customerName ?? "",
      start: appointment?.start,
      offeringName: appointment?.offeringName ?? "",
      calendarName: appointment?.calendarName ?? "",
      address: appointment?.address ?? "",
      businessPhone: "",
    },
  });
}

/** "Tue, Jan 15 at 2:00 PM" on the tenant's clock, as customers are told times. @param timeZone IANA */
export function describeWhen(at: number, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: "en-US" }).toFormat("ccc, LLL d 'at' h:mm a");
}
