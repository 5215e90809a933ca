import { z } from "zod";

export const tenantId = z.guid();
export const cid = z.string().min(1).max(200);
export const conversationId = z.string().max(200);
export const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164");
/** Whether it exists is for the mail server to say. */
export const email = z
  .string()
  .regex(/^\S+@\S+$/, "must be an e-mail address")
  .max(320);
/** proto3 knows no unset text: empty means none. */
export const maybe = <T extends z.ZodType>(schema: T) => z.union([z.literal(""), schema]);

/** RequestedBooking, read leniently: an alert with gaps is better than none. */
export const requested = z.object({
  customerPhone: z.string(),
  customerName: z.string(),
  start: z.date().optional(),
  offeringName: z.string(),
  calendarName: z.string(),
  address: z.string(),
  businessPhone: z.string(),
});

/** What an escalation keeps of it. */
export function toRequested(wish: z.output<typeof requested> | undefined) {
  return {
    customerPhone: wish?.customerPhone ?? "",
    customerName: wish?.customerName,
    businessPhone: wish?.businessPhone ?? "",
    requestedSlot: {
      start: wish?.start,
      offeringName: wish?.offeringName ?? "",
      calendarName: wish?.calendarName ?? "",
      address: wish?.address ?? "",
    },
  };
}
