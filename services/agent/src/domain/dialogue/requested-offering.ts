import { describeSlot } from "../describe-time.ts";
import type { DialogueState } from "./dialogue-state.ts";
import type { OfferingProfile, RequestedSlot, TenantProfile } from "./dialogue-types.ts";

/** The offering the talk is about: the one named, else the first. Throws RangeError for a tenant without offerings. */
export function requestedOffering(tenant: TenantProfile, state: DialogueState): OfferingProfile {
  const offering = tenant.offerings.find(({ id }) => id === state.offeringId) ?? tenant.offerings[0];
  if (!offering) throw new RangeError(`tenant ${tenant.name} has no offerings`);
  return offering;
}

/** What a human must know of the request. */
export function requestedSlot(tenant: TenantProfile, state: DialogueState): RequestedSlot {
  const { hold, name, address, step, offeringId } = state;
  const slot = step === "idle" ? undefined : hold;
  const offering = offeringId || slot ? requestedOffering(tenant, state) : undefined;
  return {
    ...(offering && { offeringName: offering.name }),
    ...(slot && { calendarName: slot.calendarName, start: slot.start }),
    ...(name && { customerName: name }),
    ...(address && { address }),
  };
}

/** "Tue, Jan 15 at 2:00 PM" */
export function slotInWords(start: string | Date, tenant: TenantProfile): string {
  return describeSlot(new Date(start), tenant.timeZone);
}
