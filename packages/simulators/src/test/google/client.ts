import { generateKeyPairSync } from "node:crypto";
import { auth, calendar } from "@googleapis/calendar";
import { expect } from "@jest/globals";

export const CALENDAR = "dr-smith@group.calendar.google.com";
export const EVENT_ID = "bp0123456789abcdef";
export const EVENT = {
  id: EVENT_ID,
  summary: "Whitening",
  start: { dateTime: "2026-03-09T14:00:00-04:00", timeZone: "America/New_York" },
  end: { dateTime: "2026-03-09T15:00:00-04:00", timeZone: "America/New_York" },
  extendedProperties: { private: { bookingId: "b-1", tenant: "t-1" } },
};

/** The real client of a connected user; only its two base URLs are others. */
export function googleClient(baseUrl: string, refreshToken = "refresh-smith") {
  const oauth = new auth.OAuth2({
    clientId: "client",
    clientSecret: "secret",
    // Without it the library refreshes on a 401 only where it does not know when the token expires.
    forceRefreshOnFailure: true,
    endpoints: { oauth2TokenUrl: `${baseUrl}/token` },
  });
  oauth.setCredentials({ refresh_token: refreshToken });
  return calendar({ version: "v3", auth: oauth, rootUrl: `${baseUrl}/`, retry: false });
}

/** The real client of a service account; the library's fixed token URL is rewritten by an interceptor. */
export function serviceAccountClient(baseUrl: string, email: string) {
  return jwtClient(baseUrl, { email });
}

/** The real client of a service account that acts for a user of its domain. */
export function delegatedClient(baseUrl: string, subject: string) {
  return jwtClient(baseUrl, { email: "robot@project.iam.gserviceaccount.com", subject });
}

function jwtClient(baseUrl: string, who: { email: string; subject?: string }) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwt = new auth.JWT({
    ...who,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    scopes: ["https://www.googleapis.com/auth/calendar"],
  });
  jwt.transporter.interceptors.request.add({
    resolved: async (config) => {
      if (config.url.href === "https://oauth2.googleapis.com/token") config.url = new URL("/token", baseUrl);
      return config;
    },
  });
  return calendar({ version: "v3", auth: jwt, rootUrl: `${baseUrl}/`, retry: false });
}

/** What a refusal of the API looks like to the client. */
export function refusal(status: number, reason: string) {
  return { status, response: { data: { error: { code: status, errors: [expect.objectContaining({ reason })] } } } };
}
