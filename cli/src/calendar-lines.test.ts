import { expect, test } from "@jest/globals";
import { calendarLines } from "./calendar-lines.ts";

const tenant = { id: "a0000000-0000-0000-0000-000000000001", name: "Smile Dental" };
const connected = { state: "connected" as const, reason: "", whatToDo: "" };
const nobody = { accountEmail: null, connectedAt: null };
const calendars = [
  { id: "cal-jones", displayName: "Dr. Jones", kind: "builtin", ...connected, ...nobody },
  {
    ...{ id: "cal-lee", displayName: "Dr. Lee", kind: "google", ...nobody },
    ...{ state: "not_connected" as const, reason: "calendar_not_connected", whatToDo: "Connect it: open the link." },
  },
  {
    ...{ id: "cal-smith", displayName: "Dr. Smith", kind: "google", accountEmail: "smith@example.com" },
    ...{ state: "disconnected" as const, reason: "invalid_grant", whatToDo: "Connect it again: open the link." },
    connectedAt: "2026-11-20T09:30:00.000Z",
  },
];

test("a table of calendars says how each is connected, and what to do about those that are not", () => {
  expect(calendarLines({ tenant, calendars }, { width: undefined, colours: false })).toEqual([
    "CALENDAR   NAME       KIND     STATE                         ACCOUNT            SINCE",
    "cal-jones  Dr. Jones  builtin  connected",
    "cal-lee    Dr. Lee    google   not connected",
    "    Do: Connect it: open the link.",
    "cal-smith  Dr. Smith  google   disconnected (invalid_grant)  smith@example.com  2026-11-20",
    "    Do: Connect it again: open the link.",
  ]);
});

test("a name that would move the cursor is printed as what it is", () => {
  const [jones] = calendars;
  if (!jones) throw new Error("there is a calendar");
  const lines = calendarLines(
    { tenant, calendars: [{ ...jones, displayName: "\u001b[2J" }] },
    { width: 80, colours: true },
  );
  expect(lines.join("\n")).toContain("\\u{1b}[2J");
});
