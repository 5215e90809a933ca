import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { acceptMessage } from "./accept-message.ts";
import type { Accounts, TwilioAccount } from "./accounts.ts";
import type { Delivery } from "./delivery.ts";
import { type Form, isPhoneNumber, newSid, readForm } from "./form.ts";
import type { WritableTwilioLedger } from "./ledger.ts";
import type { CallEntry, MessageEntry } from "./ledger-entry.ts";
import { pageOf } from "./page.ts";
import { TwilioRefusal } from "./refusal.ts";
import { API_VERSION, accountResource, callResource, messageResource, phoneNumberResource } from "./resources.ts";
import { sentFilter } from "./sent-filter.ts";

export type ApiRouteDeps = {
  ledger: WritableTwilioLedger;
  accounts: Accounts;
  delivery: Delivery;
  now: () => number;
  webhookUrl(): string | undefined;
  /** How long a message is missing from lists after it was accepted. */
  listLagMs: number;
};

const paramsSchema = z.object({ account: z.string(), sid: z.string().optional() });

/** The part of Twilio's REST API that the product may use, under `/2010-04-01/Accounts`. */
export function addApiRoutes(app: FastifyInstance, deps: ApiRouteDeps): void {
  const { ledger, accounts, delivery, now } = deps;
  const base = `/${API_VERSION}/Accounts`;
  const inAccount = `${base}/:account`;

  function authenticate(request: FastifyRequest): TwilioAccount {
    const { account: sid } = paramsSchema.parse(request.params);
    const account = accounts.authenticate(request.headers.authorization, sid);
    if (account === undefined) throw new TwilioRefusal(401, 20003, "Authenticate");
    return account;
  }

  function orRefused(form: Form, accept: () => MessageEntry): MessageEntry {
    try {
      return accept();
    } catch (error) {
      const { one } = form;
      if (error instanceof TwilioRefusal) {
        const { code } = error.body;
        ledger.addRefused({
          from: one("From") ?? "",
          to: one("To") ?? "",
          body: one("Body") ?? "",
          code,
          refusedAt: now(),
        });
      }
      throw error;
    }
  }

  app.post(`${inAccount}/Messages.json`, async (request, reply) => {
    const account = authenticate(request);
    const form = readForm(request.body);
    const entry = orRefused(form, () =>
      acceptMessage(form, { account, accounts, isOptedOut: ledger.isOptedOut, now: now() }),
    );
    ledger.putMessage(entry);
    delivery.startMessage(entry.sid);
    return reply.code(201).send(messageResource(entry));
  });

  app.get(`${inAccount}/Messages.json`, async (request) => {
    const account = authenticate(request);
    const query = readForm(request.query);
    const found = ledger
      .messages({ accountSid: account.sid, to: query.one("To"), from: query.one("From") })
      .filter((entry) => entry.acceptedAt <= now() - deps.listLagMs)
      .filter(sentFilter(query))
      .reverse();
    return pageOf("messages", found.map(messageResource), query, request.url);
  });

  app.get(`${inAccount}/Messages/:sid(^[^.]+).json`, async (request) => {
    const account = authenticate(request);
    return messageResource(ownedBy(account, ledger.message(sidOf(request)), request));
  });

  app.post(`${inAccount}/Calls.json`, async (request, reply) => {
    const account = authenticate(request);
    const entry = acceptCall(readForm(request.body), account, now());
    ledger.putCall(entry);
    delivery.startCall(entry.sid);
    return reply.code(201).send(callResource(entry));
  });

  app.get(`${inAccount}/Calls/:sid(^[^.]+).json`, async (request) => {
    const account = authenticate(request);
    return callResource(ownedBy(account, ledger.call(sidOf(request)), request));
  });

  app.get(`${inAccount}/IncomingPhoneNumbers.json`, async (request) => {
    const account = authenticate(request);
    const query = readForm(request.query);
    const numbers = (account.phoneNumbers ?? []).filter((number) => number.includes(query.one("PhoneNumber") ?? ""));
    const resources = numbers.map((number) => phoneNumberResource(account, number, deps.webhookUrl()));
    return pageOf("incoming_phone_numbers", resources, query, request.url);
  });

  app.get(`${base}/:account(^[^.]+).json`, async (request) => accountResource(authenticate(request), now()));
}

function sidOf(request: FastifyRequest): string {
  return paramsSchema.parse(request.params).sid ?? "";
}

function ownedBy<Entry extends MessageEntry | CallEntry>(
  account: TwilioAccount,
  entry: Entry | undefined,
  request: FastifyRequest,
): Entry {
  if (entry !== undefined && entry.accountSid === account.sid) return entry;
  throw new TwilioRefusal(404, 20404, `The requested resource ${request.url} was not found`);
}

/** @throws TwilioRefusal 21201 no To, 21211 bad To, 21213 no From, 21205 neither Twiml nor Url */
function acceptCall(form: Form, account: TwilioAccount, now: number): CallEntry {
  const to = form.one("To") ?? "";
  const from = form.one("From") ?? "";
  const twiml = form.one("Twiml") ?? null;
  const url = form.one("Url") ?? null;
  if (to === "") throw new TwilioRefusal(400, 21201, "No 'To' number specified");
  if (!isPhoneNumber(to)) throw new TwilioRefusal(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
  if (from === "") throw new TwilioRefusal(400, 21213, "No 'From' number specified");
  if (twiml === null && url === null) throw new TwilioRefusal(400, 21205, "Url parameter is required.");
  return {
    sid: newSid("CA"),
    accountSid: account.sid,
    from,
    to,
    twiml,
    url,
    status: "queued",
    statusCallback: form.one("StatusCallback") ?? null,
    acceptedAt: now,
    updatedAt: now,
  };
}
