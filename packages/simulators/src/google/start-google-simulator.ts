import { createFaultPlan, type Faults } from "../faults/fault-plan.ts";
import { installFaults } from "../faults/install-faults.ts";
import { installClockOffset } from "../http/clock-offset.ts";
import { createServer, listenLocally, type SimulatorLog } from "../http/create-server.ts";
import { answerErrorsLikeGoogle, googleFaults } from "./answer-errors.ts";
import { createApiHandlers } from "./api-handlers.ts";
import { changeByHand, type HandChange } from "./by-hand.ts";
import { type CalendarDeclaration, createCalendars } from "./calendars.ts";
import { createChannels } from "./channels.ts";
import { addControlRoutes } from "./control-routes.ts";
import { addApiRoutes } from "./discovery/api-routes.ts";
import { createGoogleLedger, type GoogleLedger, type WriteEntry } from "./ledger.ts";
import { addOauth, type OauthOptions } from "./oauth/add-oauth.ts";
import type { ConsentInput } from "./oauth/consent.ts";
import { createTokens } from "./oauth/tokens.ts";
import type { Notification } from "./push-notification.ts";
import { createQuotaCounter, type Quota } from "./quota.ts";

export type GoogleSimulatorOptions = OauthOptions & {
  /** 0, the default, takes a free one. */
  port?: number;
  /** The only calendars there are, by id or in full; absent: each is made at its first use. */
  calendars?: (string | CalendarDeclaration)[];
  /** Access tokens that are good without the token endpoint, for ever. */
  accessTokens?: string[];
  /** Of issued access tokens; 3599 s by default, as Google's. */
  tokenLifetimeSeconds?: number;
  quota?: Quota;
  log?: SimulatorLog;
  /** Milliseconds since the epoch. */
  now?: () => number;
};

export type GoogleSimulator = {
  /** For `GOOGLE_CALENDAR_BASE_URL` and `GOOGLE_OAUTH_BASE_URL`. */
  url: string;
  ledger: GoogleLedger;
  faults: Faults;
  /** Adds a calendar or changes its settings; its events stay. */
  declareCalendar(calendar: CalendarDeclaration): void;
  /** By how many milliseconds the `Date` header of its answers is ahead. */
  setClockOffset(ms: number): void;
  /** Moves, deletes, declines, adds … an event as a person would. */
  changeByHand(change: HandChange): WriteEntry;
  /**
   * Makes a refresh token, a service account's e-mail or all grants of a Google account an `invalid_grant`, and ends its
   * access tokens.
   */
  revokeGrant(grant: string): void;
  restoreGrant(grant: string): void;
  /** What the next people at the consent page do; until then they allow everything at once. */
  setConsent(consent: ConsentInput): void;
  /** Each next call is a 401 until the client refreshes. */
  expireAccessTokens(): void;
  /** Each sync token of the calendar so far is a 410. */
  expireSyncTokens(calendarId: string): void;
  /** Refuses what goes beyond it with a 403, counted anew from here. */
  setQuota(quota: Quota): void;
  /** With `false` every push notification from then on is lost. */
  setPushDelivery(delivers: boolean): void;
  /** The push notifications of events.watch, lost ones included, oldest first. */
  notifications(): Notification[];
  close(): Promise<void>;
};

const DEFAULT_TOKEN_LIFETIME_SECONDS = 3599;

/** Starts a stand-in for the Google Calendar API and Google's token endpoint on 127.0.0.1. */
export async function startGoogleSimulator(options: GoogleSimulatorOptions = {}): Promise<GoogleSimulator> {
  const now = options.now ?? Date.now;
  const faults = createFaultPlan(now);
  const calendars = createCalendars(
    options.calendars?.map((entry) => (typeof entry === "string" ? { id: entry } : entry)),
  );
  const tokens = createTokens({
    fixed: options.accessTokens ?? [],
    lifetimeSeconds: options.tokenLifetimeSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS,
    refreshLifetimeSeconds: options.refreshTokenLifetimeSeconds,
    now,
  });
  const writes: WriteEntry[] = [];
  const ledger = createGoogleLedger(calendars, writes);
  const channels = createChannels(now);
  const quota = createQuotaCounter(options.quota ?? {}, now);
  const record = (write: WriteEntry): void => {
    writes.push(write);
    channels.notify(write.calendarId);
    options.log?.({ event: "write", ...write });
  };
  const byHand = (change: HandChange): WriteEntry => {
    const write = changeByHand(calendars, change, now());
    record(write);
    return write;
  };
  const expireSyncTokens = (calendarId: string): void => {
    const calendar = calendars.get(calendarId);
    if (calendar !== undefined) calendar.generation += 1;
  };

  const app = await createServer();
  answerErrorsLikeGoogle(app, options.log);
  installFaults(app, faults, googleFaults);
  const setClockOffset = installClockOffset(app, now);
  const setConsent = addOauth(app, tokens, { ...options, now });
  const handlers = createApiHandlers({ calendars, channels, record, now });
  addApiRoutes(app, { tokens, countQuota: quota.count }, handlers);
  addControlRoutes(app, {
    ...{ ledger, calendars, tokens, channels, expireSyncTokens, setConsent },
    changeByHand: byHand,
    setQuota: quota.set,
  });
  const url = await listenLocally(app, options.port ?? 0);

  return {
    url,
    ledger,
    faults,
    declareCalendar: (calendar) => {
      calendars.declare(calendar);
    },
    setClockOffset,
    changeByHand: byHand,
    revokeGrant: tokens.revokeGrant,
    restoreGrant: tokens.restoreGrant,
    setConsent,
    expireAccessTokens: tokens.expireAccessTokens,
    expireSyncTokens,
    setQuota: quota.set,
    setPushDelivery: channels.setDelivery,
    notifications: channels.pushed,
    close: () => {
      channels.close();
      return app.close();
    },
  };
}
