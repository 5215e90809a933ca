import type { Reason } from "@bookproof/errors";

/** What advice is about: a calendar, and by what it is opened. */
export interface AdvisedCalendar {
  tenantId: string;
  calendarId: string;
  openedBy: "builtin" | "refresh_token" | "service_account";
}

const share =
  'Share the calendar with the account that connects it, with "Make changes to events", and check calendar_id in the tenant file.';
const wait = "Google asks to slow down: raise the quota of the OAuth application, and run this again in a minute.";
const silent = "Google or its network is slow or away: see Google's status page, and run this again.";
const ourDatabase =
  "The calendar is kept in our own database: look at Postgres, and at DATABASE_URL of the calendar service.";
const newKey =
  "put a new key of its service account where service_account_key_file finds it, and run `npm run bookproof -- tenant apply FILE`";

/** What to do about a calendar that failed for a reason. */
export function calendarAdvice(calendar: AdvisedCalendar, reason: Reason): string {
  if (calendar.openedBy === "builtin") return ourDatabase;
  if (reason === "calendar_not_connected" || reason === "calendar_disconnected") return connectAdvice(calendar, reason);
  if (reason === "calendar_rate_limited") return wait;
  if (reason === "calendar_refused" || reason === "calendar_unreadable") return `${share} If that is so: ${silent}`;
  return silent;
}

/** How a calendar at Google that has no credential, or one that no longer opens it, gets a new one. */
export function connectAdvice(
  { tenantId, calendarId, openedBy }: AdvisedCalendar,
  reason: "calendar_not_connected" | "calendar_disconnected",
): string {
  const command = `npm run bookproof -- calendar connect --tenant ${tenantId} --calendar ${calendarId}`;
  const open = `open the link that \`${command}\` prints, signed in to Google with the account that owns the calendar`;
  if (reason === "calendar_not_connected") return `Connect it: ${open}.`;
  return openedBy === "service_account" ? `Connect it again: ${newKey}; or ${open}.` : `Connect it again: ${open}.`;
}
