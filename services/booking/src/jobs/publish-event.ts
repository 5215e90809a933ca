import { deterministicUuid, withTenant } from "@bookproof/postgres";
import type { BookingEvent } from "@bookproof/proto/events";
import type { Deps } from "../deps.ts";
import { type Attempt, type Snapshot, selectAttempt } from "../queries/attempts.ts";
import { acknowledge } from "../queries/event-acknowledgements.ts";

/**
 * Brings what an ended attempt means on its way to the notifier: a failure through Kafka where there is one, which
 * `ensure_event_handled` watches; a booking, and what Kafka does not take, by a direct call. Throws until one of the two has it.
 */
export async function runPublishEvent(
  deps: Deps,
  { tenantId, attemptId }: { tenantId: string; attemptId: string },
): Promise<void> {
  const event = await readEvent(deps, tenantId, attemptId);
  if (!event) return;
  if (deps.kafka && event.kind?.$case === "failed") {
    try {
      await deps.kafka.publish(event);
      return;
    } catch (error) {
      deps.logger.warn({ err: error, eventId: event.eventId }, "[EVENT_NOT_PUBLISHED] the notifier is called directly");
    }
  }
  await deliverDirectly(deps, event);
}

/** P2: calls the notifier, and notes that it has the event, however that came about. */
export async function deliverDirectly(deps: Deps, event: BookingEvent): Promise<void> {
  await deps.bus.publish(event);
  if (!deps.kafka) return;
  const { tenantId, eventId } = event;
  await withTenant(deps.pool, tenantId, (client) => acknowledge(client, { tenantId, eventId, via: "call" }));
}

/** The event of an attempt that has ended; undefined while it has not. */
export async function readEvent(deps: Deps, tenantId: string, attemptId: string): Promise<BookingEvent | undefined> {
  const attempt = await withTenant(deps.pool, tenantId, (client) => selectAttempt(client, tenantId, attemptId));
  return attempt && attempt.status !== "started" ? eventOf(tenantId, attempt) : undefined;
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
  if (attempt.status === "confirmed" && attempt.kind !== "book") {
    const value = {
      attemptId: attempt.id,
      appointmentId: attempt.appointmentId,
      change: attempt.kind,
      customerPhone: snapshot.customerPhone,
      customerEmail: snapshot.customerEmail,
      businessPhone: snapshot.businessPhone,
    };
    return { ...base, kind: { $case: "changed", value } };
  }
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
  const value = {
    attemptId: attempt.id,
    reason: attempt.reason,
    cause: attempt.cause,
    requested: requestedOf(snapshot),
    wanted: attempt.kind,
  };
  return { ...base, kind: { $case: "failed", value } };
}

/** What the customer of an attempt wanted, for whoever takes over. */
export function requestedOf(snapshot: Snapshot) {
  return {
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
}
