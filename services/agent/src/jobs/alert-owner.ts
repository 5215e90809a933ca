import type { z } from "zod";
import type { Deps } from "../deps.ts";
import type { alertOwner } from "./definitions.ts";

export async function runAlertOwner(deps: Deps, alert: z.output<typeof alertOwner.payload>): Promise<void> {
  await deps.notifier.notifyOwnerBookingFailure({
    tenantId: alert.tenantId,
    cid: alert.cid,
    conversationId: alert.conversationId,
    attemptId: alert.attemptId,
    reason: alert.reason,
    customerText: alert.customerText,
    requested: {
      customerPhone: alert.customerPhone,
      businessPhone: alert.businessPhone,
      customerName: alert.customerName,
      start: alert.start ? new Date(alert.start) : undefined,
      offeringName: alert.offeringName,
      calendarName: alert.calendarName,
      address: alert.address,
    },
  });
}
