import { z } from "zod";

/** Text that may be absent or of another type, which is the same to us. NULs are dropped, since no Postgres text can hold them. */
const lenientText = z
  .string()
  .max(200)
  .transform((text) => text.replaceAll("\0", "").trim())
  .catch("");
const noParty = { number: "" };
const party = z.object({ number: lenientText }).catch(noParty);
const noCall = { id: "", customer: noParty, phoneNumber: noParty };

const callMessage = z
  .object({
    call: z.object({ id: lenientText, customer: party, phoneNumber: party }).catch(noCall),
    customer: party,
    phoneNumber: party,
  })
  .catch({ call: noCall, customer: noParty, phoneNumber: noParty });

/** What a call says of itself; "" where it does not. */
export interface CallFacts {
  callId: string;
  /** The customer's number, E.164. */
  callerPhone: string;
  /** The business number that was called, E.164. */
  calledPhone: string;
}

/** Reads Vapi's call object: only its id is certain, everything else may be missing. */
export function readCallFacts(message: unknown): CallFacts {
  const { call, customer, phoneNumber } = callMessage.parse(message);
  return {
    callId: call.id,
    callerPhone: call.customer.number || customer.number,
    calledPhone: call.phoneNumber.number || phoneNumber.number,
  };
}
