import { BookproofError } from "@bookproof/errors";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import type { alertHotLead, releaseHold, sendCallConfirmation } from "./voice-definitions.ts";

export async function runReleaseHold(deps: Deps, hold: z.output<typeof releaseHold.payload>): Promise<void> {
  await deps.booking.releaseHold(hold);
}

export async function runAlertHotLead(
  deps: Deps,
  { bookedStart, ...lead }: z.output<typeof alertHotLead.payload>,
): Promise<void> {
  await deps.notifier.sendHotLeadAlert({ ...lead, bookedStart: bookedStart ? new Date(bookedStart) : undefined });
}

/** Asked again until it was accepted, or cannot be sent: the notifier sends it once however often it is asked. */
export async function runSendCallConfirmation(
  deps: Deps,
  message: z.output<typeof sendCallConfirmation.payload>,
): Promise<void> {
  const { messageSent, reason } = await deps.notifier.sendConfirmation(message, { deadline: 10_000 });
  if (messageSent) return;
  if (!reason || reason === "unavailable") throw new BookproofError("unavailable");
  deps.log.failure(message.cid, "CONFIRMATION_NOT_SENT", { reason, appointmentId: message.appointmentId });
}
