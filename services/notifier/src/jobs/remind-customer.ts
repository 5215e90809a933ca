import { BookproofError } from "@bookproof/errors";
import { enqueue, withTenant } from "@bookproof/postgres";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import { reminderKey } from "../domain/message-keys.ts";
import { reminderTime } from "../domain/reminder-time.ts";
import { enqueueMessage } from "../door/enqueue-message.ts";
import { readProof } from "../door/read-proof.ts";
import { remindCustomer } from "./definitions.ts";

type RemindJob = z.output<typeof remindCustomer.payload>;

/** The queue counts a delay in 32 bits of milliseconds (24 days): a longer one is waited for in stretches. */
const longestWaitMs = 7 * 24 * 60 * 60 * 1_000;

/** One waiting reminder an appointment and time, however often it is reported: one of another time would keep that one's wait. */
export const remindJobKey = ({
  tenantId,
  appointmentId,
  start,
}: Pick<RemindJob, "tenantId" | "appointmentId" | "start">): string => `remind:${tenantId}:${appointmentId}:${start}`;

/**
 * Waits until the reminder is due and hands it to the door, which reads the proof once more. An appointment that is no longer
 * proven, or was moved, is not spoken of.
 */
export async function runRemindCustomer(deps: Deps, job: RemindJob): Promise<void> {
  const { tenantId, appointmentId, cid, conversationId, to, from } = job;
  const proof = await readProof(deps, tenantId, appointmentId);
  if (proof.status === "unreadable" || proof.status === "running") throw new BookproofError("unavailable");
  const start = proof.status === "proven" ? proof.appointment.start : undefined;
  if (!start || (job.start && job.start !== start.toISOString())) {
    deps.log.step(cid, "REMINDER_SKIPPED", { appointmentId, reason: start ? "moved" : "no_longer_booked" });
    return;
  }
  const { timeZone } = await deps.connections.get(tenantId);
  const now = new Date();
  const due = reminderTime({ start, bookedAt: new Date(job.bookedAt), now }, timeZone);
  if (!due) return;
  const waitMs = due.getTime() - now.getTime();
  await withTenant(deps.pool, tenantId, async (client) => {
    if (waitMs > 0) {
      const later = { ...job, start: start.toISOString() };
      const delayMs = Math.min(waitMs, longestWaitMs);
      return enqueue(client, remindCustomer, later, { delayMs, key: remindJobKey(later) });
    }
    const key = reminderKey(appointmentId, start);
    await enqueueMessage(client, tenantId, { key, kind: "reminder", cid, conversationId, appointmentId, to, from });
  });
}
