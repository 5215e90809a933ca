import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { BeginConnectRequest, BeginConnectResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { consentUrl } from "../adapters/google-oauth.ts";
import { findConnectable } from "../connect/find-connectable.ts";
import type { Deps } from "../deps.ts";
import { newSecretToken, sha256 } from "../domain/secret-token.ts";
import { insertConnectAttempt } from "../queries/connect-attempts.ts";
import { selectLinkedCalendar, tenantOfConnectLink } from "../queries/connect-links.ts";
import { calendarId, tenantId } from "./request-fields.ts";

const lifetimeSeconds = 10 * 60;

const schema = z.object({
  openedBy: z.discriminatedUnion(
    "$case",
    [
      z.object({ $case: z.literal("calendar"), value: z.object({ tenantId, calendarId }) }),
      z.object({ $case: z.literal("linkToken"), value: z.string() }),
    ],
    { error: "must be a calendar or a link" },
  ),
  redirectUri: z.url("must be a URL"),
});

/** Begins a sign-in at Google. What it draws is kept as hashes, but the verifier, which is sealed: Google wants to see it in the end. */
export const beginConnect =
  (deps: Deps) =>
  async (request: BeginConnectRequest): Promise<BeginConnectResponse> => {
    const { openedBy, redirectUri } = parseRequest(schema, request);
    const address = openedBy.$case === "calendar" ? openedBy.value : await followLink(deps, openedBy.value);
    await findConnectable(deps, address.tenantId, address.calendarId);
    const [state, browserToken, codeVerifier] = [newSecretToken(), newSecretToken(), newSecretToken()];
    await withTenant(deps.pool, address.tenantId, (client) =>
      insertConnectAttempt(client, {
        ...address,
        stateSha256: sha256(state),
        browserSha256: sha256(browserToken),
        codeVerifierSealed: deps.secrets.seal(codeVerifier),
        redirectUri,
        lifetimeSeconds,
      }),
    );
    const authorizationUrl = consentUrl(deps.config.google, { state, codeVerifier, redirectUri });
    return { authorizationUrl, state, browserToken, lifetimeSeconds };
  };

async function followLink(deps: Deps, token: string): Promise<{ tenantId: string; calendarId: string }> {
  const tokenSha256 = sha256(token);
  const tenant = await tenantOfConnectLink(deps.pool, tokenSha256);
  const calendar =
    tenant && (await withTenant(deps.pool, tenant, (client) => selectLinkedCalendar(client, tenant, tokenSha256)));
  if (!(tenant && calendar))
    throw new BookproofError(
      "connect_link_not_found",
      "This link does not work any more, since it is a day old or the calendar is connected: ask for a new one.",
    );
  return { tenantId: tenant, calendarId: calendar };
}
