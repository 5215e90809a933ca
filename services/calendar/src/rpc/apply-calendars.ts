import { BookproofError } from "@bookproof/errors";
import { type SecretBox, withTenant } from "@bookproof/postgres";
import type { ApplyCalendarsRequest, ApplyCalendarsResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { tryOpen } from "../adapters/stored-credential.ts";
import type { Deps } from "../deps.ts";
import { sha256 } from "../domain/secret-token.ts";
import { type LockedCredential, lockCredentials } from "../queries/calendar-connection.ts";
import {
  type CalendarSettings,
  retireOtherCalendars,
  type StoredCredential,
  upsertCalendar,
} from "../queries/calendars.ts";
import { applyCalendarsRequest, type CalendarSpec, type GoogleSpec } from "./calendar-spec.ts";

/** Replaces a tenant's calendars in one transaction; the same list again changes nothing. */
export const applyCalendars =
  (deps: Deps) =>
  async (request: ApplyCalendarsRequest): Promise<ApplyCalendarsResponse> => {
    const { tenantId, timeZone, calendars } = parseRequest(applyCalendarsRequest, request);
    refuseUnusableTokens(deps, calendars);
    await withTenant(deps.pool, tenantId, async (client) => {
      const stored = new Map(
        (await lockCredentials(client, tenantId)).map((credential) => [credential.id, credential]),
      );
      // In one order, so that two applying at once wait for each other instead of locking each other out.
      for (const spec of calendars.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
        const source = toSource(deps.secrets, spec.kind, stored.get(spec.id));
        await upsertCalendar(client, tenantId, { ...spec, timeZone, source });
      }
      await retireOtherCalendars(
        client,
        tenantId,
        calendars.map((spec) => spec.id),
      );
    });
    return {};
  };

function refuseUnusableTokens(deps: Deps, calendars: CalendarSpec[]): void {
  if (deps.config.google.oauthClientId) return;
  const unusable = calendars.find(
    ({ kind }) => kind.$case === "google" && kind.value.credential?.$case === "refreshToken",
  );
  if (unusable)
    throw new BookproofError(
      "invalid_argument",
      `Calendar ${unusable.id} has a refresh token, which needs GOOGLE_OAUTH_CLIENT_ID to be set.`,
    );
}

function toSource(
  secrets: SecretBox,
  kind: CalendarSpec["kind"],
  stored: LockedCredential | undefined,
): CalendarSettings["source"] {
  if (kind.$case === "builtin") return { kind: "builtin" };
  const { calendarId: googleCalendarId, credential } = kind.value;
  return { kind: "google", googleCalendarId, ...toCredential(secrets, credential, stored) };
}

/** A credential that somebody got at Google outlives the file, unless the file has another one than that which it replaced. */
function toCredential(
  secrets: SecretBox,
  given: GoogleSpec["credential"],
  stored: LockedCredential | undefined,
): StoredCredential {
  const isConnected = stored?.credentialSource === "oauth";
  if (isConnected && (!given || sha256(given.value) === stored.replacedSha256)) return sealAnew(secrets, stored);
  if (!given) return { credentialKind: "refresh_token", credentialSealed: "", credentialSource: "file" };
  const credentialKind = given.$case === "refreshToken" ? "refresh_token" : "service_account";
  // Sealing the same secret gives another text each time, so what is stored stays where it holds the same.
  const same = stored?.credentialKind === credentialKind && holds(secrets, stored.credentialSealed, given.value);
  const credentialSealed = stored && same ? stored.credentialSealed : secrets.seal(given.value);
  return { credentialKind, credentialSealed, credentialSource: "file" };
}

/** The stored credential under the newest key; one that no key of ours opens stays as it is. */
function sealAnew(secrets: SecretBox, { credentialKind, credentialSealed }: LockedCredential): StoredCredential {
  const secret = secrets.isCurrent(credentialSealed) ? undefined : tryOpen(secrets, credentialSealed);
  const sealed = secret === undefined ? credentialSealed : secrets.seal(secret);
  return { credentialKind, credentialSealed: sealed, credentialSource: "oauth" };
}

/** Whether a sealed text holds this secret, under the newest key; one sealed under a key that is gone holds nothing that we know. */
function holds(secrets: SecretBox, sealed: string, secret: string): boolean {
  return tryOpen(secrets, sealed) === secret && secrets.isCurrent(sealed);
}
