import type { FastifyInstance } from "fastify";
import { createAuthorizationCodes } from "./authorization-codes.ts";
import { addAuthorizationRoute } from "./authorization-route.ts";
import { type Consent, type ConsentInput, consentSchema } from "./consent.ts";
import { createOauthClients, type OauthClient } from "./oauth-clients.ts";
import { addTokenRoute } from "./token-route.ts";
import type { Tokens } from "./tokens.ts";

export type OauthOptions = {
  /** The only applications that are registered; absent: any is, with any address to send people back to. */
  oauthClients?: OauthClient[];
  /** What people do at the consent page at first. */
  consent?: ConsentInput;
  /** Of refresh tokens that the consent page gave: 604,799 s for an application in "Testing"; absent: for ever. */
  refreshTokenLifetimeSeconds?: number;
};

/** Adds consent page, token and revocation endpoint. Returns what sets the answer of the consent page from then on. */
export function addOauth(
  app: FastifyInstance,
  tokens: Tokens,
  options: OauthOptions & { now: () => number },
): (consent: ConsentInput) => void {
  const { now } = options;
  const clients = createOauthClients(options.oauthClients);
  const codes = createAuthorizationCodes(now);
  let consent: Consent = consentSchema.parse(options.consent ?? {});
  addAuthorizationRoute(app, { clients, codes, consent: () => consent, isKnown: tokens.isKnown });
  addTokenRoute(app, {
    ...{ tokens, clients, codes, now },
    refreshLifetimeSeconds: options.refreshTokenLifetimeSeconds,
  });
  return (input) => {
    consent = consentSchema.parse(input);
  };
}
