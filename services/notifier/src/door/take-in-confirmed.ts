import { enqueue, type Queryable } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { bookedKey } from "../domain/message-keys.ts";
import { ensureConfirmation, remindCustomer } from "../jobs/definitions.ts";
import { remindJobKey } from "../jobs/remind-customer.ts";
import { enqueueMessage } from "./enqueue-message.ts";

/** An appointment that was booked, and whom to tell. */
export interface Confirmed {
  tenantId: string;
  cid: string;
  conversationId: string;
  appointmentId: string;
  /** E.164, or an e-mail address; empty where nobody can be told. */
  to: string;
  from: string;
  bookedAt: Date;
  bookingSource: string;
}

/**
 * What follows from a booking: its confirmation, and later its reminder. On the phone the assistant asks for the confirmation,
 * and it is sent a while later where that did not happen.
 */
export async function takeInConfirmed(
  deps: Deps,
  client: Queryable,
  { bookedAt, bookingSource, ...booked }: Confirmed,
): Promise<void> {
  const { tenantId, ...message } = booked;
  if (!booked.to) return;
  if (bookingSource === "phone_ai") {
    const key = `ensure:${tenantId}:${booked.appointmentId}`;
    await enqueue(client, ensureConfirmation, booked, { delayMs: deps.config.times.ensureConfirmationMs, key });
  } else {
    await enqueueMessage(client, tenantId, { ...message, key: bookedKey(booked.appointmentId), kind: "booked" });
  }
  const reminder = { ...booked, bookedAt: bookedAt.toISOString(), start: "" };
  await enqueue(client, remindCustomer, reminder, { key: remindJobKey(reminder) });
}
