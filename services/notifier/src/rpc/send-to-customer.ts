import { withTenant } from "@bookproof/postgres";
import type { SendToCustomerRequest, SendToCustomerResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { bookedKey } from "../domain/message-keys.ts";
import { enqueueMessage } from "../door/enqueue-message.ts";
import { cid, conversationId, e164, maybe, tenantId } from "./fields.ts";

const schema = z.object({
  tenantId,
  cid,
  conversationId,
  to: e164,
  from: maybe(e164),
  key: z.string().min(1).max(200),
  content: z.discriminatedUnion("$case", [
    z.object({
      $case: z.literal("freeText"),
      value: z.object({ text: z.string().trim().min(1).max(1_600), appointmentId: maybe(z.guid()) }),
    }),
    z.object({ $case: z.literal("booked"), value: z.object({ appointmentId: z.guid() }) }),
  ]),
});

/** Stores a text for the door. A confirmation is keyed by its appointment whatever key was given. */
export const sendToCustomer =
  (deps: Deps) =>
  async (request: SendToCustomerRequest): Promise<SendToCustomerResponse> => {
    const { content, ...parsed } = parseRequest(schema, request);
    const { appointmentId } = content.value;
    const message = {
      cid: parsed.cid,
      conversationId: parsed.conversationId,
      to: parsed.to,
      from: parsed.from,
      appointmentId: appointmentId || null,
      ...(content.$case === "booked"
        ? { kind: "booked" as const, key: bookedKey(appointmentId) }
        : { kind: "free_text" as const, key: parsed.key, body: content.value.text }),
    };
    const { id, created } = await runWithCid(parsed.cid, () =>
      withTenant(deps.pool, parsed.tenantId, (client) => enqueueMessage(client, parsed.tenantId, message)),
    );
    return { messageId: id, created };
  };
