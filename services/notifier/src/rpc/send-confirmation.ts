import type { Reason } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { SendConfirmationRequest, SendConfirmationResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import { isConfirmation } from "../delivery/did-not-arrive.ts";
import type { Deps } from "../deps.ts";
import { FINALIZING_TEXT, SNAG_TEXT } from "../domain/customer-texts.ts";
import { isUnsettled } from "../domain/delivery-status.ts";
import { confirmationKey, finalKey } from "../domain/message-keys.ts";
import { askForConfirmation } from "../door/ask-for-confirmation.ts";
import { awaitAcceptance } from "../door/await-acceptance.ts";
import { type Proof, readProof } from "../door/read-proof.ts";
import { type Message, selectMessageByKey } from "../queries/messages.ts";
import { cid, conversationId, e164, maybe, tenantId } from "./fields.ts";

const schema = z.object({ tenantId, cid, conversationId, appointmentId: z.guid(), phone: maybe(e164) });
type Asked = z.output<typeof schema>;

/** Sends the confirmation of a booked call once; a repeat answers as the first did. */
export const sendConfirmation =
  (deps: Deps) =>
  async (request: SendConfirmationRequest): Promise<SendConfirmationResponse> => {
    const asked = parseRequest(schema, request);
    return runWithCid(asked.cid, () => send(deps, asked));
  };

async function send(deps: Deps, asked: Asked): Promise<SendConfirmationResponse> {
  const { phone, ...confirmation } = asked;
  const { tenantId: tenant, appointmentId } = asked;
  const key = confirmationKey(appointmentId);
  const known = await find(deps, tenant, key);
  const proof = await readProof(deps, tenant, appointmentId);
  if (!known && proof.status === "unreadable") return refusal("unavailable");
  const to = known?.to ?? recipient(proof, phone);
  if (!to || (phone && !to.includes("@") && to !== phone)) return refusal("appointment_not_found");
  const { id } = known ?? (await askForConfirmation(deps, { ...confirmation, to, from: "" }));
  const message = await awaitAcceptance(deps, tenant, id);
  // "Still finalizing" went out in its place: the confirmation follows it.
  const last = (message.sentBody === FINALIZING_TEXT && (await find(deps, tenant, finalKey(key)))) || message;
  if (last.providerSid && isConfirmation(last)) return { messageSent: true, messageId: last.providerSid, reason: "" };
  return refusal(whyNot(message, proof));
}

const refusal = (reason: Reason): SendConfirmationResponse => ({ messageSent: false, messageId: "", reason });

const find = (deps: Deps, tenant: string, key: string) =>
  withTenant(deps.pool, tenant, (client) => selectMessageByKey(client, tenant, key));

/** The appointment's own phone, else its e-mail; where nobody knows the appointment, whoever asks is told so by the door. */
function recipient({ appointment }: Proof, phone: string): string {
  return appointment ? appointment.customerPhone || appointment.customerEmail : phone;
}

function whyNot({ status, sentBody, error }: Message, proof: Proof): Reason {
  if (sentBody === FINALIZING_TEXT) return "booking_outcome_unknown";
  if (sentBody === SNAG_TEXT || error === "already_told") {
    return proof.status === "no_calendar_event" ? "calendar_failed_after_confirm" : "booking_failed_after_confirm";
  }
  if (isUnsettled(status)) return "unavailable";
  return error === "customer_opted_out" ? "customer_opted_out" : "customer_unreachable";
}
