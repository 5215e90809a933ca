import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { CONTROL_PREFIX } from "../faults/install-faults.ts";
import { type HandChange, handChangeSchema } from "./by-hand.ts";
import { type Calendars, calendarDeclarationSchema } from "./calendars.ts";
import type { Channels } from "./channels.ts";
import type { GoogleLedger, WriteEntry } from "./ledger.ts";
import { type ConsentInput, consentSchema } from "./oauth/consent.ts";
import type { Tokens } from "./oauth/tokens.ts";
import { type Quota, quotaSchema } from "./quota.ts";

export type ControlRouteDeps = {
  ledger: GoogleLedger;
  calendars: Calendars;
  tokens: Tokens;
  changeByHand(change: HandChange): WriteEntry;
  expireSyncTokens(calendarId: string): void;
  setConsent(consent: ConsentInput): void;
  setQuota(quota: Quota): void;
  channels: Channels;
};

const eventsQuerySchema = z.object({ calendarId: z.string().optional() });
const grantSchema = z.object({ grant: z.string().min(1), revoked: z.boolean() });
const calendarIdSchema = z.object({ calendarId: z.string().min(1) });

const pushSchema = z.object({ delivers: z.boolean() });

/** The simulator's own side, under `/_sim/`, for tests in other processes. JSON both ways. */
export function addControlRoutes(app: FastifyInstance, deps: ControlRouteDeps): void {
  const { ledger, tokens } = deps;

  app.get(`${CONTROL_PREFIX}events`, async (request) => ({
    events: ledger.events(eventsQuerySchema.parse(request.query).calendarId),
  }));
  app.get(`${CONTROL_PREFIX}writes`, async () => ({ writes: ledger.writes() }));
  app.post(`${CONTROL_PREFIX}by-hand`, async (request) => deps.changeByHand(handChangeSchema.parse(request.body)));
  app.post(`${CONTROL_PREFIX}calendars`, async (request, reply) => {
    deps.calendars.declare(calendarDeclarationSchema.parse(request.body));
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}grants`, async (request, reply) => {
    const { grant, revoked } = grantSchema.parse(request.body);
    if (revoked) tokens.revokeGrant(grant);
    else tokens.restoreGrant(grant);
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}consent`, async (request, reply) => {
    deps.setConsent(consentSchema.parse(request.body));
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}quota`, async (request, reply) => {
    deps.setQuota(quotaSchema.parse(request.body));
    return reply.code(204).send();
  });
  app.get(`${CONTROL_PREFIX}notifications`, async () => ({ notifications: deps.channels.pushed() }));
  app.post(`${CONTROL_PREFIX}push`, async (request, reply) => {
    deps.channels.setDelivery(pushSchema.parse(request.body).delivers);
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}expire-access-tokens`, async (_request, reply) => {
    tokens.expireAccessTokens();
    return reply.code(204).send();
  });
  app.post(`${CONTROL_PREFIX}expire-sync-tokens`, async (request, reply) => {
    deps.expireSyncTokens(calendarIdSchema.parse(request.body).calendarId);
    return reply.code(204).send();
  });
}
