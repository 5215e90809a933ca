import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { CONTROL_PREFIX } from "../faults/install-faults.ts";
import type { EventStream } from "../http/event-stream.ts";
import { type Accounts, twilioAccountSchema } from "./accounts.ts";
import type { Delivery } from "./delivery.ts";
import { deliverySchema } from "./delivery-plan.ts";
import type { TwilioLedger } from "./ledger.ts";
import { messageStatusSchema } from "./ledger-entry.ts";
import { type InboundResult, type InboundText, inboundTextSchema } from "./send-inbound.ts";

export type ControlRouteDeps = {
  ledger: TwilioLedger;
  accounts: Accounts;
  delivery: Delivery;
  stream: EventStream;
  sendInbound(text: InboundText): Promise<InboundResult>;
  setWebhookUrl(url: string): void;
};

const filterSchema = z.object({
  to: z.string().optional(),
  from: z.string().optional(),
  direction: z.enum(["inbound", "outbound"]).optional(),
});
const statusSchema = z.object({
  sid: z.string(),
  status: messageStatusSchema,
  errorCode: z.int().nullable().default(null),
});
const webhookSchema = z.object({ url: z.url() });

/** The simulator's own side, under `/_sim/`: the sandbox page and tests in other processes use it. JSON both ways. */
export function addControlRoutes(app: FastifyInstance, deps: ControlRouteDeps): void {
  const { ledger, delivery } = deps;

  app.get(`${CONTROL_PREFIX}messages`, async (request) => ({
    messages: ledger.messages(filterSchema.parse(request.query)),
  }));
  app.get(`${CONTROL_PREFIX}calls`, async () => ({ calls: ledger.calls() }));
  app.get(`${CONTROL_PREFIX}callbacks`, async () => ({ callbacks: ledger.callbacks() }));
  app.get(`${CONTROL_PREFIX}webhooks`, async () => ({ webhooks: ledger.webhooks() }));
  app.get(`${CONTROL_PREFIX}refused`, async () => ({ refused: ledger.refused() }));
  app.get(`${CONTROL_PREFIX}opt-outs`, async () => ({ optOuts: ledger.optOuts() }));
  app.get(`${CONTROL_PREFIX}events`, async (_request, reply) => deps.stream.open(reply));

  app.post(`${CONTROL_PREFIX}inbound`, async (request) => deps.sendInbound(inboundTextSchema.parse(request.body)));
  app.post(`${CONTROL_PREFIX}accounts`, async (request, reply) => {
    deps.accounts.put(twilioAccountSchema.parse(request.body));
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}webhook`, async (request, reply) => {
    deps.setWebhookUrl(webhookSchema.parse(request.body).url);
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}delivery`, async (request, reply) => {
    delivery.setPlan(deliverySchema.parse(request.body));
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}status`, async (request, reply) => {
    await delivery.reportStatus(statusSchema.parse(request.body));
    return reply.code(204).send();
  });
}
