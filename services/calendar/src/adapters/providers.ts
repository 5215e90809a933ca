import { BookproofError, type Reason } from "@bookproof/errors";
import { type SecretBox, withTenant } from "@bookproof/postgres";
import type { Logger } from "@bookproof/service";
import type pg from "pg";
import type { GoogleSettings } from "../config.ts";
import type { CalendarProvider } from "../domain/calendar-provider.ts";
import type { GoogleCredential } from "../domain/google-credential.ts";
import { type Calendar, type CalendarKind, markDisconnected } from "../queries/calendars.ts";
import { createBuiltinCalendar } from "./builtin-calendar.ts";
import { countFailures } from "./count-failures.ts";
import { createGoogleCalendar } from "./google-calendar.ts";
import { createGoogleClient, type GoogleClient } from "./google-client.ts";
import type { GoogleFailure } from "./google-failure.ts";
import { noteWrites } from "./note-writes.ts";
import { readStoredCredential } from "./stored-credential.ts";

/** The provider of a calendar's events. Its verbs throw `calendar_not_connected` or `calendar_disconnected` where no credential opens it. */
export type OpenProvider = (tenantId: string, calendar: Calendar) => CalendarProvider;

type GoogleSource = Extract<CalendarKind, { kind: "google" }>;

/** Opens calendars; clients at Google are kept, one a calendar, until its credential changes. */
export function createProviders(parts: {
  settings: GoogleSettings;
  pool: pg.Pool;
  secrets: SecretBox;
  logger: Logger;
  now: () => number;
}): OpenProvider {
  const { settings, pool, secrets, logger, now } = parts;
  const clients = new Map<string, { credentialSealed: string; client: GoogleClient }>();

  function clientOf(tenantId: string, calendarId: string, source: GoogleSource): GoogleClient {
    const key = `${tenantId}/${calendarId}`;
    const known = clients.get(key);
    if (known?.credentialSealed === source.credentialSealed) return known.client;
    const client = createGoogleClient(openCredential(secrets, source), settings);
    clients.set(key, { credentialSealed: source.credentialSealed, client });
    return client;
  }

  function noteFailure(where: { tenantId: string; calendarId: string }, failure: GoogleFailure, reason: Reason): void {
    logger.warn({ ...where, reason, vendor: "google" }, `[CALENDAR_VENDOR_FAILED] ${reason}: ${failure.message}`);
  }

  async function noteDisconnected(tenantId: string, calendarId: string, credentialSealed: string) {
    const gone = { tenantId, calendarId, credentialSealed, reason: "invalid_grant" };
    try {
      if (await withTenant(pool, tenantId, (client) => markDisconnected(client, gone)))
        logger.error({ tenantId, calendarId }, "[CALENDAR_DISCONNECTED] its grant is gone: it must be connected again");
    } catch (error) {
      // The next question finds the grant gone again.
      logger.error({ err: error, tenantId, calendarId }, "[CALENDAR_DISCONNECTED] could not be stored");
    }
  }

  function open(tenantId: string, calendar: Calendar): CalendarProvider {
    const { id: calendarId, source, timeZone } = calendar;
    if (source.kind === "builtin") return createBuiltinCalendar({ pool, now, tenantId, calendarId });
    if (source.credentialSealed === "") throw new BookproofError("calendar_not_connected");
    if (calendar.disconnectedReason) throw new BookproofError("calendar_disconnected");
    const atGoogle = createGoogleCalendar({
      client: clientOf(tenantId, calendarId, source),
      tenantId,
      googleCalendarId: source.googleCalendarId,
      timeZone,
      times: settings.times,
      now,
      async failed(failure, reason) {
        noteFailure({ tenantId, calendarId }, failure, reason);
        if (failure.kind === "grant_gone") await noteDisconnected(tenantId, calendarId, source.credentialSealed);
      },
    });
    const { writingMs } = settings.sync;
    return noteWrites({ pool, logger, writingMs, where: { tenantId, calendarId } }, atGoogle);
  }

  return (tenantId, calendar) => countFailures(calendar.source.kind, () => open(tenantId, calendar));
}

function openCredential(secrets: SecretBox, source: GoogleSource): GoogleCredential {
  const credential = readStoredCredential(secrets, source);
  if (credential) return credential;
  throw new BookproofError("calendar_disconnected", "The calendar's stored credential cannot be read: apply it again.");
}
