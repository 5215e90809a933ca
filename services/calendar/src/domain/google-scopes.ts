const scopeUrl = (name: string) => `https://www.googleapis.com/auth/${name}`;

/** Each as narrow as `@googleapis/calendar` says that the methods we call may be asked with. */
const needed = [
  // events.insert, get, list and delete. `calendar.events.owned` is narrower, and shuts out a calendar that is only shared with the account.
  scopeUrl("calendar.events"),
  // freebusy.query, which `calendar.events` does not open. `calendar.freebusy` would do as well and is as narrow.
  scopeUrl("calendar.events.freebusy"),
];

/** Includes all others of the Calendar API. */
const everything = scopeUrl("calendar");

/** What the consent page asks for: what we need of calendars, and the account's e-mail address, to show whose it is. */
export const requestedScopes = ["openid", "email", ...needed].join(" ");

/** Whether all was allowed that we need: the consent page has a box for each. @param granted as the token endpoint lists them */
export function allowsCalendars(granted: string): boolean {
  const scopes = new Set(granted.split(" "));
  return scopes.has(everything) || needed.every((scope) => scopes.has(scope));
}
