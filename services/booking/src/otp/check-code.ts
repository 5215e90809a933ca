import { attemptIdOf, type Queryable } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { spokenDigits } from "../domain/spoken-digits.ts";
import { selectAttempt } from "../queries/attempts.ts";
import { selectContact } from "../queries/contacts.ts";
import { type Hold, lockHold, releaseHeldSlot } from "../queries/holds.ts";
import { countWrongCode } from "../queries/one-time-codes.ts";
import { type BegunAttempt, beginAttempt, type ConfirmCommand } from "../saga/begin-attempt.ts";
import { recipientOf } from "./recipient.ts";

/** A caller's code, checked at the edge. */
export interface GivenCode {
  tenantId: string;
  holdId: string;
  /** What the caller said. */
  code: string;
  /** Empty means the hold's own. */
  contactId: string;
  cid: string;
  conversationId: string;
  address: string;
  notAfter: Date | undefined;
  businessPhone: string;
  isTakenInCalendar: boolean;
}

export type CheckedCode =
  | { kind: "no_live_hold" }
  | { kind: "no_code" }
  | { kind: "wrong"; triesLeft: number }
  | { kind: "right"; command: ConfirmCommand; begun: BegunAttempt };

/**
 * Checks a code and begins its hold's CONFIRM in the same transaction: a code is good once. The right code again, after the
 * attempt began, answers with that attempt.
 */
export async function checkCode(deps: Deps, client: Queryable, given: GivenCode): Promise<CheckedCode> {
  const { tenantId, holdId } = given;
  const hold = await lockHold(client, tenantId, holdId);
  if (!hold || (given.contactId && given.contactId !== hold.contactId)) return { kind: "no_live_hold" };
  const attempt = await selectAttempt(client, tenantId, attemptIdOf(tenantId, holdId));
  const isLive = hold.status === "held" && hold.unexpired;
  if (!attempt && !isLive) return { kind: "no_live_hold" };
  if (!hold.otpCode) return { kind: attempt ? "no_live_hold" : "no_code" };

  const binding = { tenantId, holdId, recipient: recipientOf(hold) };
  if (!deps.codes.matches(hold.otpCode, binding, spokenDigits(given.code))) {
    if (attempt) return { kind: "no_live_hold" };
    const triesLeft = deps.config.voice.codeTries - (await countWrongCode(client, tenantId, holdId));
    if (triesLeft <= 0) await releaseHeldSlot(client, tenantId, holdId);
    return { kind: "wrong", triesLeft: Math.max(0, triesLeft) };
  }
  const command = await confirmCommand(client, given, hold);
  return { kind: "right", command, begun: await beginAttempt(deps, client, command) };
}

async function confirmCommand(client: Queryable, given: GivenCode, hold: Hold): Promise<ConfirmCommand> {
  const { tenantId, holdId, cid, conversationId, address, notAfter, businessPhone, isTakenInCalendar } = given;
  const contact = hold.contactId ? await selectContact(client, tenantId, hold.contactId) : undefined;
  return {
    tenantId,
    holdId,
    cid,
    conversationId,
    messageSid: "",
    customer: {
      name: hold.customerName || contact?.name || "",
      phone: hold.customerPhone,
      email: hold.customerEmail || contact?.email || "",
    },
    contactId: hold.contactId,
    otpVerified: true,
    address,
    notAfter,
    isTakenInCalendar,
    bookingSource: hold.bookingSource || "phone_ai",
    businessPhone,
  };
}
