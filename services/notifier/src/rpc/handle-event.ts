import { withTenant } from "@bookproof/postgres";
import type { HandleEventRequest, HandleEventResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { SNAG_TEXT } from "../domain/customer-texts.ts";
import { takeInChanged } from "../door/take-in-changed.ts";
import { takeInConfirmed } from "../door/take-in-confirmed.ts";
import { notifyOwnerBookingFailure } from "../escalation/notify-owner-booking-failure.ts";
import { recallUnknown } from "../escalation/recall-unknown.ts";
import { conversationId, e164, maybe, requested, tenantId, toRequested } from "./fields.ts";

const schema = z.object({
  event: z.object({
    eventId: z.string().min(1),
    tenantId,
    // Empty for a booking that no journey led to: its event then is its journey.
    cid: z.string().max(200),
    conversationId,
    occurredAt: z.date().optional(),
    kind: z.discriminatedUnion("$case", [
      z.object({
        $case: z.literal("confirmed"),
        value: z.object({
          attemptId: z.string(),
          appointmentId: z.guid(),
          customerPhone: maybe(e164),
          // Read leniently: an event that is refused would never be handled.
          customerEmail: z.string(),
          businessPhone: maybe(e164),
          bookingSource: z.string(),
        }),
      }),
      z.object({
        $case: z.literal("failed"),
        value: z.object({
          attemptId: z.guid(),
          reason: z.string().min(1),
          cause: z.string(),
          requested: requested.optional(),
        }),
      }),
      z.object({
        $case: z.literal("changed"),
        value: z.object({
          attemptId: z.guid(),
          appointmentId: z.guid(),
          change: z.enum(["move", "cancel"]),
          customerPhone: maybe(e164),
          customerEmail: z.string(),
          businessPhone: maybe(e164),
        }),
      }),
    ]),
  }),
});
type Event = z.output<typeof schema>["event"];

/** Confirmed → confirmation and reminder; changed → the notice of it, and of a move the new reminder; failed → the owner's alert, the flag and the customer's neutral text. Keys make a repeat harmless. */
export const handleEvent =
  (deps: Deps) =>
  async (request: HandleEventRequest): Promise<HandleEventResponse> => {
    const { event } = parseRequest(schema, request);
    const cid = event.cid || event.eventId;
    await runWithCid(cid, () => handle(deps, { ...event, cid }));
    return {};
  };

async function handle(deps: Deps, event: Event): Promise<void> {
  const { tenantId, cid, conversationId, occurredAt: bookedAt = new Date(), kind } = event;
  if (kind.$case === "confirmed") {
    const { attemptId, appointmentId, customerPhone, customerEmail, businessPhone: from, bookingSource } = kind.value;
    const to = customerPhone || customerEmail;
    const confirmed = { cid, conversationId, appointmentId, to, from, bookedAt, bookingSource };
    await withTenant(deps.pool, tenantId, (client) => takeInConfirmed(deps, client, { tenantId, ...confirmed }));
    if (attemptId) await recallUnknown(deps, { tenantId, cid, conversationId, attemptId, customerPhone });
    return;
  }
  if (kind.$case === "changed") {
    const { change, customerPhone, customerEmail, businessPhone: from, ...of } = kind.value;
    const told = { tenantId, cid, conversationId, to: customerPhone || customerEmail, from, changedAt: bookedAt };
    await withTenant(deps.pool, tenantId, (client) => takeInChanged(client, { ...told, ...of, change }));
    return recallUnknown(deps, { tenantId, cid, conversationId, attemptId: of.attemptId, customerPhone });
  }
  const { attemptId, reason, cause, requested: wish } = kind.value;
  const told = { customerText: SNAG_TEXT, ...toRequested(wish) };
  await notifyOwnerBookingFailure(deps, { tenantId, cid, conversationId, attemptId, reason, cause, ...told });
}
