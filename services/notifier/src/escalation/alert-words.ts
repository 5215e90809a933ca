import type { TenantConnection } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import {
  alertMark,
  type OwnerAlert,
  ownerAlertText,
  ownerCallWords,
  ownerMailSubject,
  ownerResolvedText,
  resolvedMark,
} from "../domain/owner-alert.ts";
import type { NewEscalation } from "../queries/escalations.ts";
import type { AlertWords } from "./channel.ts";

/** What the owner is told of an escalation, or of its resolution. */
export function alertWords(
  deps: Deps,
  connection: TenantConnection,
  escalation: NewEscalation,
  phase: "alert" | "resolved",
): AlertWords {
  const { requested, cid, ref, reason } = escalation;
  const alert: OwnerAlert = {
    ...requested,
    start: requested.start ? new Date(requested.start) : undefined,
    reason,
    cid,
    ref,
  };
  const context = { timeZone: connection.timeZone, publicUrl: deps.config.publicUrl, now: new Date() };
  const isAlert = phase === "alert";
  return {
    text: isAlert ? ownerAlertText(alert, context) : ownerResolvedText(alert, context),
    call: ownerCallWords(alert, context),
    subject: isAlert ? ownerMailSubject(alert) : `Bookproof: resolved, ${alert.customerPhone} is booked`,
    mark: isAlert ? alertMark(ref) : resolvedMark(ref),
  };
}
