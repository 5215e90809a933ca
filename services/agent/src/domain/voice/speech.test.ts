import { claimsBooking } from "@bookproof/claim-check";
import { describe, expect, test } from "@jest/globals";
import { toE164 } from "./caller-number.ts";
import { firstDays, spread } from "./pick-slots.ts";
import { requestedDays } from "./requested-days.ts";
import { requestedSlotTime } from "./requested-slot-time.ts";
import { speakNothingAtAll, speakNothingOn, speakTimes } from "./speak-times.ts";
import { speech } from "./speech.ts";
import { transcriptLines } from "./transcript-lines.ts";

const timeZone = "America/New_York";
const at = (iso: string) => new Date(iso);

describe("what is spoken", () => {
  const { booked, wrongCode, noSuchService, ...fixed } = speech;
  const others = [...Object.values(fixed), wrongCode(2), noSuchService(["Consultation"]), speakNothingAtAll(60)];

  test.each(others)("claims no booking and is one line: %s", (said) => {
    expect(claimsBooking(said)).toBe(false);
    expect(said).not.toContain("\n");
  });

  test("only the answer to a proven booking claims one", () => {
    expect(claimsBooking(booked)).toBe(true);
  });

  test("tries are counted as people count", () => {
    expect(speech.wrongCode(2)).toBe("That's not quite right. You have 2 more tries.");
    expect(speech.wrongCode(1)).toBe("That's not quite right. You have 1 more try.");
  });

  test("times are said in the tenant's zone, the day named, an hour of two calendars once", () => {
    const starts = ["15:00", "15:00", "19:00", "20:30"].map((time) => at(`2027-01-15T${time}:00Z`));
    expect(speakTimes(starts, timeZone)).toBe(
      "On Friday, January 15, we have times available at 10 AM, 2 PM, or 3:30 PM.",
    );
    expect(speakTimes([at("2027-01-15T15:00:00Z"), at("2027-01-16T15:00:00Z")], timeZone)).toBe(
      "On Friday, January 15, we have times available at 10 AM; on Saturday, January 16, at 10 AM.",
    );
    expect(speakNothingOn(at("2027-01-15T17:00:00Z"), timeZone)).toBe("We have nothing open on Friday, January 15.");
  });
});

test("five of many times are spread over the day, and a thin day is filled from the next", () => {
  const day = Array.from({ length: 17 }, (_, i) => ({ start: new Date(Date.UTC(2027, 0, 15, 13, i * 30)) }));
  expect(spread(day)).toEqual([0, 4, 8, 12, 16].map((i) => day[i]));
  const next = { start: at("2027-01-16T15:00:00Z") };
  expect(firstDays([...day.slice(0, 2), next], timeZone)).toHaveLength(3);
  expect(firstDays([...day, next], timeZone)).not.toContain(next);
});

describe("a requested day", () => {
  const ctx = { now: at("2027-01-12T17:00:00Z"), timeZone, horizonDays: 60, workingHours: {} };

  test("is read as a date in the tenant's zone", () => {
    expect(requestedDays("2027-01-15", ctx)).toMatchObject({
      kind: "days",
      windows: [{ from: at("2027-01-15T05:00:00Z"), to: at("2027-01-16T05:00:00Z") }],
    });
  });

  test("is read in words, an exact time looking at its whole day", () => {
    expect(requestedDays("tomorrow at 2 pm", ctx)).toMatchObject({
      kind: "days",
      exact: at("2027-01-13T19:00:00Z"),
      windows: [{ from: at("2027-01-13T05:00:00Z"), to: at("2027-01-14T05:00:00Z") }],
    });
  });

  test.each([
    ["", "any"],
    ["2026-01-15", "past"],
    ["yesterday", "past"],
    ["2027-02-31", "unclear"],
    ["whatever", "unclear"],
  ])("%j is %s", (text, kind) => {
    expect(requestedDays(text, ctx).kind).toBe(kind);
  });
});

test("a slot is an instant; without an offset it is the tenant's local time", () => {
  expect(requestedSlotTime("2027-01-15T15:00:00Z", timeZone)).toEqual(at("2027-01-15T15:00:00Z"));
  expect(requestedSlotTime("2027-01-15T10:00", timeZone)).toEqual(at("2027-01-15T15:00:00Z"));
  expect(requestedSlotTime("Friday at 10", timeZone)).toBeUndefined();
});

test("numbers are E.164 in the business's country; made-up ones count when they look like it", () => {
  expect(toE164("+1-555-1234", "+15550100001")).toBe("+15551234");
  expect(toE164("(212) 736-5000", "+12125550100")).toBe("+12127365000");
  expect(toE164("020 7946 0018", "+442079460000")).toBe("+442079460018");
  expect(toE164("my number", "+15550100001")).toBe("");
});

test("a transcript is told apart by speaker, and what nobody is named for is the assistant's", () => {
  const { assistant, caller } = transcriptLines("Hello\nAI: Hi!\nHow can I help?\nUser: You're booked?\nyes");
  expect(assistant).toEqual(["Hello", "Hi!", "How can I help?"]);
  expect(caller).toEqual(["You're booked?", "yes"]);
});
