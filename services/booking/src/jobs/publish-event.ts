import { deterministicUuid, withTenant } from "@bookproof/postgres";
import type { BookingEvent } from "@bookproof/proto/events";
import type { Deps } from "../deps.ts";
import { type Attempt, selectAttempt } from "../queries/attempts.ts";

/** Publishes what an ended attempt means to the notifier; throws until the bus has acknowledged it. */
export async function runPublishEvent(
  deps: Deps,
  { tenantId, attemptId }: { tenantId: string; attemptId: string },
): Promise<void> {
  const attempt = await withTenant(deps.pool, tenantId, (client) => selectAttempt(client, tenantId, attemptId));
  if (!attempt || attempt.status === "started") return;
  await deps.bus.publish(eventOf(tenantId, attempt));
}

function eventOf(tenantId: string, attempt: Attempt): BookingEvent {
  const { snapshot } = attempt;
  const base = {
    eventId: deterministicUuid("event", attempt.id, attempt.status),
    tenantId,
    cid: attempt.cid,
    conversationId: attempt.conversationId,
    occurredAt: new Date(),
  };
  if (attempt.status === "confirmed") {
    const value = {
      attemptId: attempt.id,
      appointmentId: attempt.appointmentId,
      customerPhone: snapshot.customerPhone,
      businessPhone: snapshot.businessPhone,
      bookingSource: snapshot.bookingSource,
      customerEmail: snapshot.customerEmail,
    };
    return { ...base, kind: { $case: "confirmed", value } };
  }
  const requested = {
    customerPhone: snapshot.customerPhone,
    // Without a phone the e-mail is the owner's only way to the customer.
    customerName: snapshot.customerPhone
      ? snapshot.customerName
      : `${snapshot.customerName} <${snapshot.customerEmail}>`,
    start: new Date(snapshot.start),
    offeringName: snapshot.offeringName,
    calendarName: snapshot.calendarName,
    address: snapshot.address,
    businessPhone: snapshot.businessPhone,
  };
  const value = { attemptId: attempt.id, reason: attempt.reason, cause: attempt.cause, requested };
  return { ...base, kind: { $case: "failed", value } };
}
