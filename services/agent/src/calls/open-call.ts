import { randomUUID } from "node:crypto";
import { deterministicUuid, type Queryable, withTenant } from "@bookproof/postgres";
import type { Caller } from "@bookproof/proto/agent";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { toE164 } from "../domain/voice/caller-number.ts";
import { type Call, insertCall, selectCall, selectCallOfAppointment } from "../queries/calls.ts";
import { openConversation } from "../queries/conversations.ts";

export const callerSchema = z.object({
  tenantId: z.guid(),
  callId: z.string().max(200),
  callerPhone: z.string().max(64),
  calledPhone: z.string().max(64),
});

/** Who asks, and by what a request without a call is known. */
export interface Asking {
  caller: Caller;
  /** The number the model names: counts only where the call has none. */
  patientPhone?: string;
  holdId?: string;
  appointmentId?: string;
}

/**
 * The call a request belongs to: the stored one, whose cid stays; else a new one. A call with a customer's number is on
 * the journey of that customer's conversation; one without has a cid of its own, the same whenever it is derived again.
 */
export async function openCall(deps: Deps, asking: Asking): Promise<Call> {
  const { tenantId } = asking.caller;
  const known = await withTenant(deps.pool, tenantId, (client) => findCall(client, asking));
  if (known) return known;
  const tenantPhone = asking.caller.calledPhone || (await businessPhone(deps, tenantId));
  const customerPhone =
    toE164(asking.caller.callerPhone, tenantPhone) || toE164(asking.patientPhone ?? "", tenantPhone);
  return withTenant(deps.pool, tenantId, (client) => beginCall(client, asking, { tenantPhone, customerPhone }));
}

/** The stored call a request belongs to, if there is one. */
export async function findCall(client: Queryable, asking: Asking): Promise<Call | undefined> {
  const { tenantId } = asking.caller;
  const callId = rowIdOf(asking);
  if (callId) return selectCall(client, tenantId, callId);
  return asking.appointmentId ? selectCallOfAppointment(client, tenantId, asking.appointmentId) : undefined;
}

/** The row of a call; without a call, that of its hold. "" where neither is known yet. */
export function rowIdOf({ caller, holdId }: Pick<Asking, "caller" | "holdId">): string {
  return caller.callId || (holdId ? `hold:${holdId}` : "");
}

async function beginCall(
  client: Queryable,
  asking: Asking,
  parties: { tenantPhone: string; customerPhone: string },
): Promise<Call> {
  const { tenantId } = asking.caller;
  const callId = rowIdOf(asking);
  const shared =
    parties.customerPhone && parties.tenantPhone
      ? await openConversation(client, { tenantId, ...parties, freshCid: randomUUID() })
      : undefined;
  const call: Call = {
    tenantId,
    callId,
    cid: shared?.cid ?? ownCid(tenantId, callId || asking.appointmentId || ""),
    conversationId: shared?.id ?? "",
    ...parties,
    offered: [],
    holdId: "",
    requested: {},
    codeSentAt: undefined,
    codeChannel: undefined,
    confirmingHoldId: "",
    appointmentId: "",
    confirmedHoldId: "",
    slotLost: false,
    confirmationRequested: false,
    needsHuman: false,
    leadScore: undefined,
  };
  return callId ? insertCall(client, call) : call;
}

/** The cid of a call that shares no journey: the same whenever it is derived again. */
export function ownCid(tenantId: string, knownBy: string): string {
  return knownBy ? deterministicUuid("call", tenantId, knownBy) : randomUUID();
}

/** A call must be answered while booking is away too: then it has no number to share a conversation by. */
async function businessPhone(deps: Deps, tenantId: string): Promise<string> {
  try {
    return (await deps.readTenant(tenantId)).phoneNumbers[0] ?? "";
  } catch (error) {
    deps.logger.warn({ err: error, tenantId }, "the tenant's number is not known: the call has a journey of its own");
    return "";
  }
}
