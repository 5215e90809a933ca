import { setTimeout as sleep } from "node:timers/promises";
import { hasReason } from "@bookproof/errors";
import type { BookingEvent } from "@bookproof/proto/events";
import { z } from "zod";
import type { Story } from "./story.ts";
import type { World } from "./world.ts";

const attemptRow = z.object({
  id: z.string(),
  status: z.enum(["started", "confirmed", "failed"]),
  reason: z.string().nullable(),
  cid: z.string(),
  conversation_id: z.string(),
  appointment_id: z.string(),
  snapshot: z.object({
    customerPhone: z.string(),
    businessPhone: z.string(),
    bookingSource: z.string(),
    start: z.string(),
  }),
});

/** What a broker does on a bad day: every event of the tenant once more, twice at once. */
export async function repeatEvents({ world, tenant, note }: Story): Promise<void> {
  const { rows } = await world.database.query(
    `SELECT id, status, reason, correlation_id AS cid, conversation_id, appointment_id, snapshot
     FROM booking.booking_attempts WHERE tenant_id = $1 AND status <> 'started'`,
    [tenant.id],
  );
  for (const attempt of z.array(attemptRow).parse(rows)) {
    const event = eventOf(tenant.id, attempt);
    await Promise.all([deliver(world, event), deliver(world, event)]);
    note(attempt.status === "confirmed" ? "events_repeated/C" : "events_repeated/E");
  }
}

/** A broker gives an event again until it is taken: a notifier that stores nothing in time says so. */
async function deliver(world: World, event: BookingEvent): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      await world.notifier.handleEvent({ event });
      return;
    } catch (error) {
      if (!hasReason(error, "unavailable") || failures === 9) throw error;
      await sleep(300);
    }
  }
}

function eventOf(tenantId: string, attempt: z.infer<typeof attemptRow>): BookingEvent {
  const { customerPhone, businessPhone, bookingSource, start } = attempt.snapshot;
  const { id: attemptId, cid, conversation_id: conversationId, appointment_id: appointmentId } = attempt;
  const base = { eventId: `again-${attemptId}`, tenantId, cid, conversationId, occurredAt: new Date() };
  if (attempt.status === "confirmed") {
    const value = { attemptId, appointmentId, customerPhone, businessPhone, bookingSource, customerEmail: "" };
    return { ...base, kind: { $case: "confirmed", value } };
  }
  const requested = {
    ...{ customerPhone, businessPhone, customerName: "", start: new Date(start) },
    ...{ offeringName: "", calendarName: "", address: "" },
  };
  return {
    ...base,
    kind: { $case: "failed", value: { attemptId, reason: attempt.reason ?? "", cause: "", wanted: "book", requested } },
  };
}

/** Twilio's reports come out of order: after "delivered" an older "sent". */
export async function reorderCallbacks({ world, tenant, note }: Story): Promise<void> {
  for (const { sid, status } of world.twilio.ledger.messages({ from: tenant.business, direction: "outbound" })) {
    if (status !== "delivered") continue;
    await world.twilio.reportStatus({ sid, status: "sent" });
    note("callbacks_reordered/E");
  }
}
