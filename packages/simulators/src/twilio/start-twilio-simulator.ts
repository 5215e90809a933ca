import type { FastifyInstance, FastifyRequest } from "fastify";
import { ZodError } from "zod";
import { createFaultPlan, type Faults } from "../faults/fault-plan.ts";
import type { RequestFacts } from "../faults/fault-rule.ts";
import { type FaultError, installFaults } from "../faults/install-faults.ts";
import { installClockOffset } from "../http/clock-offset.ts";
import { createServer, listenLocally, type SimulatorLog } from "../http/create-server.ts";
import { createEventStream } from "../http/event-stream.ts";
import { createAccounts, type TwilioAccount } from "./accounts.ts";
import { addApiRoutes } from "./api-routes.ts";
import { addControlRoutes } from "./control-routes.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import type { DeliveryInput } from "./delivery-plan.ts";
import { readForm } from "./form.ts";
import { openTwilioLedger, type TwilioLedger } from "./ledger.ts";
import { TwilioRefusal, twilioCodeOfStatus, twilioErrorBody, twilioErrorMessage } from "./refusal.ts";
import { type InboundResult, type InboundText, sendInbound } from "./send-inbound.ts";

export type TwilioSimulatorOptions = {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Empty: any credentials are accepted, and remembered for signing. */
  accounts: TwilioAccount[];
  /** Where inbound texts are posted, and the URL that is signed: the gateway's public URL of its SMS route. */
  webhookUrl?: string;
  /** Tried once when the webhook cannot be reached or answers 5xx. */
  fallbackUrl?: string;
  delivery?: DeliveryInput;
  /** Keeps the ledger across restarts, as JSON lines. */
  ledgerFile?: string;
  /** Twilio waits 15 s in all for a webhook, the default. */
  webhookTimeoutMs?: number;
  /** A message shows in lists only this long after it was accepted; 0 by default. Getting it by sid never lags. */
  listLagMs?: number;
  log?: SimulatorLog;
  /** Milliseconds since the epoch. */
  now?: () => number;
};

export type TwilioSimulator = {
  /** For `TWILIO_BASE_URL`. */
  url: string;
  ledger: TwilioLedger;
  faults: Faults;
  setDelivery: Delivery["setPlan"];
  reportStatus: Delivery["reportStatus"];
  addAccount(account: TwilioAccount): void;
  setWebhookUrl(url: string): void;
  /** By how many milliseconds the `Date` header of its answers is ahead. */
  setClockOffset(ms: number): void;
  sendInbound(text: InboundText): Promise<InboundResult>;
  /** Cuts every connection and ends pending deliveries. The ledger stays readable. */
  close(): Promise<void>;
};

const DEFAULT_TIMEOUT_MS = 15_000;

/** Starts a stand-in for Twilio's REST API on 127.0.0.1. */
export async function startTwilioSimulator(options: TwilioSimulatorOptions): Promise<TwilioSimulator> {
  const now = options.now ?? Date.now;
  const closing = new AbortController();
  const ledger = openTwilioLedger(options.ledgerFile);
  const accounts = createAccounts(options.accounts);
  const faults = createFaultPlan(now);
  const stream = createEventStream();
  const timeoutMs = options.webhookTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  let webhookUrl = options.webhookUrl;

  const outward = { ledger, accounts, now, signal: closing.signal };
  const delivery = createDelivery(options.delivery ?? {}, { ...outward, callbackTimeoutMs: timeoutMs });
  const receive = (text: InboundText): Promise<InboundResult> =>
    sendInbound(text, {
      ...outward,
      webhookTimeoutMs: timeoutMs,
      webhooks: () => ({ url: webhookUrl, fallbackUrl: options.fallbackUrl }),
    });
  const setWebhookUrl = (url: string): void => {
    webhookUrl = url;
  };

  ledger.subscribe(({ kind, entry }) => {
    stream.send(kind, entry);
    options.log?.({ event: kind, sid: entry.sid, status: entry.status });
  });

  const app = await createServer();
  answerErrorsLikeTwilio(app, options.log);
  installFaults(app, faults, { facts: twilioFacts, errorBody: twilioFaultBody });
  const setClockOffset = installClockOffset(app, now);
  addApiRoutes(app, {
    ledger,
    accounts,
    delivery,
    now,
    webhookUrl: () => webhookUrl,
    listLagMs: options.listLagMs ?? 0,
  });
  addControlRoutes(app, { ledger, accounts, delivery, stream, sendInbound: receive, setWebhookUrl });
  const url = await listenLocally(app, options.port ?? 0);

  return {
    url,
    ledger,
    faults,
    setDelivery: delivery.setPlan,
    reportStatus: delivery.reportStatus,
    addAccount: accounts.put,
    setWebhookUrl,
    setClockOffset,
    sendInbound: receive,
    async close() {
      closing.abort();
      await app.close();
    },
  };
}

function answerErrorsLikeTwilio(app: FastifyInstance, log: SimulatorLog | undefined): void {
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send(twilioErrorBody(404, 20404, `The requested resource ${request.url} was not found`)),
  );
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof TwilioRefusal) return reply.code(error.body.status).send(error.body);
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ZodError) return reply.code(400).send(twilioErrorBody(400, 20001, message));
    log?.({ event: "error", url: request.url, message });
    return reply.code(500).send(twilioErrorBody(500, 20500, message));
  });
}

function twilioFacts(request: FastifyRequest): RequestFacts {
  const form = readForm(request.method === "GET" ? request.query : request.body);
  return {
    method: request.method,
    path: request.url,
    to: form.one("To"),
    from: form.one("From"),
    text: form.one("Body") ?? form.one("Twiml"),
  };
}

function twilioFaultBody({ status, code, message }: FaultError): object {
  const number = typeof code === "number" ? code : twilioCodeOfStatus(status);
  return twilioErrorBody(status, number, message ?? twilioErrorMessage(number));
}
