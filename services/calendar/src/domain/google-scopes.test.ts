import { expect, test } from "@jest/globals";
import { allowsCalendars, requestedScopes } from "./google-scopes.ts";

const url = "https://www.googleapis.com/auth/";

test.each([
  [requestedScopes, true],
  [`${url}calendar`, true],
  [`${url}calendar.events openid ${url}calendar.events.freebusy`, true],
  [`openid email ${url}calendar.events`, false],
  [`${url}calendar.events.freebusy`, false],
  [`${url}calendar.events.owned ${url}calendar.events.freebusy`, false],
  ["", false],
])("what was granted as '%s' opens calendars: %s", (granted, allowed) => {
  expect(allowsCalendars(granted)).toBe(allowed);
});
