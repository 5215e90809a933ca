import type { GoogleTimes } from "../config.ts";
import type { GoogleClient } from "./google-client.ts";
import type { OnFailure } from "./google-reasons.ts";

/** One calendar at Google, and how it is reached. */
export interface GoogleCalendarOptions {
  client: GoogleClient;
  tenantId: string;
  googleCalendarId: string;
  timeZone: string;
  times: GoogleTimes;
  /** Milliseconds since the epoch. */
  now: () => number;
  failed: OnFailure;
}
