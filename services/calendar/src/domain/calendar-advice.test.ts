import { expect, test } from "@jest/globals";
import { calendarAdvice } from "./calendar-advice.ts";

const smith = { tenantId: "a0000000-0000-0000-0000-000000000001", calendarId: "cal-smith" };
const command = `\`npm run bookproof -- calendar connect --tenant ${smith.tenantId} --calendar cal-smith\``;

test.each(["calendar_not_connected", "calendar_disconnected"] as const)(
  "%s: the command that makes its link is told whole",
  (reason) => {
    expect(calendarAdvice({ ...smith, openedBy: "refresh_token" }, reason)).toContain(command);
  },
);

test("a service account that is refused may get a new key instead", () => {
  const advice = calendarAdvice({ ...smith, openedBy: "service_account" }, "calendar_disconnected");
  expect(advice).toMatch(/^Connect it again: put a new key of its service account .* or open the link /);
});

test("a built-in calendar is never connected", () => {
  expect(calendarAdvice({ ...smith, openedBy: "builtin" }, "calendar_disconnected")).toMatch(/look at Postgres/);
});
