import type { Reason } from "@bookproof/errors";

const reconnect =
  "Connect it again: put a new credential in the tenant file and run `npm run bookproof -- tenant apply FILE`.";
const share =
  'Share the calendar with the account that connects it, with "Make changes to events", and check calendar_id in the tenant file.';
const wait = "Google asks to slow down: raise the quota of the OAuth application, and run this again in a minute.";
const silent = "Google or its network is slow or away: see Google's status page, and run this again.";
const ourDatabase =
  "The calendar is kept in our own database: look at Postgres, and at DATABASE_URL of the calendar service.";

/** What to do about a calendar that failed for a reason, by where its events are kept. */
export function calendarAdvice(kind: "builtin" | "google", reason: Reason): string {
  if (kind === "builtin") return ourDatabase;
  if (reason === "calendar_disconnected") return reconnect;
  if (reason === "calendar_rate_limited") return wait;
  if (reason === "calendar_refused" || reason === "calendar_unreadable") return `${share} If that is so: ${silent}`;
  return silent;
}
