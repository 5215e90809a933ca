import { enqueue, type Queryable } from "@bookproof/postgres";
import { alertOwner, recordOutcome } from "../jobs/definitions.ts";
import { mayBeHeard, resolveEscalations } from "../queries/escalations.ts";

/** A journey's booking is proven: whoever was told that its outcome is unknown hears so, and the flag is taken back. */
export async function resolveUnknown(client: Queryable, tenantId: string, cid: string): Promise<void> {
  const resolved = await resolveEscalations(client, tenantId, cid, "booking_outcome_unknown");
  for (const { id, was } of resolved) {
    // An alert whose intent is stored may still be on its way out: "resolved" then follows it, in the same queue.
    if (was !== "open" || (await mayBeHeard(client, tenantId, id)))
      await enqueue(client, alertOwner, { tenantId, escalationId: id, phase: "resolved" });
  }
  if (resolved.length === 0) return;
  const outcome = { stage: "BOOKED" as const, stageReason: "", needsHuman: false, lastError: "" };
  await enqueue(client, recordOutcome, { tenantId, cid, ...outcome });
}
