import { reasonRow } from "@bookproof/errors";

/** The reasons of trace rows that are no reason of packages/errors. */
const words = new Set([
  "internal_blocklist",
  "reaction",
  "opt_out",
  "opt_in",
  "already_told",
  "no_longer_booked",
  "patient_phone_ignored",
  "turn started",
  "turn answered",
  "needs_human",
  "received",
  "slot_taken",
  "said_in_call_without_proof",
  // How a text ended that did not arrive: Twilio's words (services/notifier/src/domain/delivery-status.ts), and ours.
  "undelivered",
  "failed",
  "canceled",
  "busy",
  "no-answer",
  "rejected",
  "given_up",
]);

const tools = new Set([
  "find_openings",
  "claim_slot",
  "confirm_booking",
  "check_availability",
  "reserve_atomic",
  "send_otp_code",
  "verify_otp",
  "send_confirmation_sms",
]);
const toolStep = /^(\w+): (?:called|answered|failed)$/;
const handedOver = /^handed over: (\w+)$/;

/**
 * A reason as a measurement may carry it: one of a closed set. What is not, a vendor's word or an id, is `other`: each value of a label
 * is a series of its own. Undefined where there is none.
 */
export function reasonLabel(reason: string | undefined): string | undefined {
  if (!reason) return undefined;
  return isKnown(reason) ? reason : "other";
}

function isKnown(reason: string): boolean {
  if (words.has(reason) || reasonRow(reason)) return true;
  const tool = toolStep.exec(reason)?.[1];
  const why = handedOver.exec(reason)?.[1];
  return (tool !== undefined && tools.has(tool)) || (why !== undefined && reasonRow(why) !== undefined);
}
