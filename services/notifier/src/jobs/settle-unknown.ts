import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import { readProofOfAttempt } from "../door/read-proof.ts";
import { resolveUnknown } from "../escalation/resolve-unknown.ts";
import { selectEscalation } from "../queries/escalations.ts";
import type { settleUnknown } from "./definitions.ts";

/**
 * The owner heard that a booking's outcome is unknown: once it is proven they hear that too, whichever process sent the alert and
 * whichever came first, the booking or the storing of the alert.
 * @throws BookproofError `unavailable` while the attempt runs, may still begin, or its proof cannot be read.
 */
export async function runSettleUnknown(
  deps: Deps,
  { tenantId, escalationId, mayBeginUntil }: z.output<typeof settleUnknown.payload>,
): Promise<void> {
  const escalation = await withTenant(deps.pool, tenantId, (client) =>
    selectEscalation(client, tenantId, escalationId),
  );
  if (!escalation?.attemptId || escalation.status === "resolved") return;
  const { status } = await readProofOfAttempt(deps, tenantId, escalation.attemptId);
  const mayBegin = status === "not_booked" && Date.now() < Date.parse(mayBeginUntil);
  if (status === "running" || status === "unreadable" || mayBegin) {
    throw new BookproofError("unavailable", "The outcome of a booking is not known yet, it is read again.");
  }
  if (status === "proven") {
    await withTenant(deps.pool, tenantId, (client) => resolveUnknown(client, tenantId, escalation.cid));
  }
}
