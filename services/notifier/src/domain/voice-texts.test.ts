import { countSegments } from "@bookproof/simulators";
import { describe, expect, test } from "@jest/globals";
import { afterFailedConfirmation } from "./after-failed-confirmation.ts";
import { confirmationCallWords, confirmationText, reminderText } from "./confirmation-texts.ts";
import { hotLeadText } from "./hot-lead-text.ts";
import { oneTimeCodeText } from "./one-time-code-text.ts";
import { reminderTime } from "./reminder-time.ts";

const now = new Date("2026-01-10T12:00:00Z");
const appointment = {
  start: new Date("2026-01-14T15:00:00Z"),
  offeringName: "Consultation",
  calendarName: "",
  address: "",
};
const withSmith = { ...appointment, calendarName: "Dr. Smith" };
const business = { name: "Smile Dental", phone: "+15551234567", timeZone: "America/New_York" };

describe("the confirmation of a call", () => {
  test("is the product's wording, letter by letter", () => {
    expect(confirmationText(appointment, business, { plain: false }, now)).toBe(
      "Your appointment confirmed!\n\n📅 Wed, Jan 14 at 10:00 AM\n💼 Smile Dental\n📞 (555) 123-4567\n\nCall to reschedule. Reply STOP to unsubscribe.",
    );
  });

  test("names whom it is with where that is known", () => {
    expect(confirmationText(withSmith, business, { plain: false }, now)).toContain(
      "\n📅 Wed, Jan 14 at 10:00 AM with Dr. Smith\n",
    );
  });

  test("stays within one GSM-7 segment without emoji", () => {
    const text = confirmationText(withSmith, business, { plain: true }, now);
    expect(text).toBe(
      "Your appointment confirmed!\n\nWed, Jan 14 at 10:00 AM with Dr. Smith\nSmile Dental\n(555) 123-4567\n\nCall to reschedule. Reply STOP to unsubscribe.",
    );
    expect(countSegments(text)).toBe(1);
  });

  test("is read out with the number digit by digit", () => {
    expect(confirmationCallWords(withSmith, business, now)).toBe(
      "This is Smile Dental. Your appointment, Consultation, is confirmed for Wed, Jan 14 at 10:00 AM with Dr. Smith. To change it, call 1 5 5 5 1 2 3 4 5 6 7.",
    );
  });
});

test("the reminder says how to change it, and never asks for CANCEL or YES", () => {
  const text = reminderText(withSmith, { ...business, phone: "+15550100001" }, now);
  expect(text).toBe(
    "Reminder: Consultation on Wed, Jan 14 at 10:00 AM with Dr. Smith at Smile Dental. To change it, reply MOVE or call (555) 010-0001. Reply STOP to unsubscribe.",
  );
  expect(text).not.toMatch(/cancel|\byes\b/i);
});

describe("a code's text", () => {
  test("has the code as its first four-digit number, in one GSM-7 segment", () => {
    const text = oneTimeCodeText("Smile Dental", "1234");
    expect(text).toBe("Your Smile Dental code is 1234. It expires in 10 minutes.");
    expect(countSegments(text)).toBe(1);
  });

  test.each(["Studio 2024", "Caf\u00E9 \u{1F600} `Zo\u00EB\u2019s`", ""])("holds for a business named %p", (name) => {
    const text = oneTimeCodeText(name, "0042");
    expect(/\d{4}/.exec(text)?.[0]).toBe("0042");
    expect(countSegments(text)).toBe(1);
  });
});

describe("the hot lead's alert", () => {
  const lead = {
    customerName: "Jane Smith",
    customerPhone: "+15555556666",
    offeringName: "Teeth Whitening",
    bookedStart: new Date("2026-01-27T02:00:00Z"),
  };

  test("is the product's wording, with the day in the tenant's zone", () => {
    expect(hotLeadText(lead, { plain: false, timeZone: "America/New_York" })).toBe(
      "🔥 HOT LEAD! Jane Smith +15555556666 \n💄 Service: Teeth Whitening (Booked appointment Jan 26)",
    );
  });

  test("claims no appointment that there is not, and drops its emoji for plain texts", () => {
    expect(hotLeadText({ ...lead, bookedStart: undefined }, { plain: true, timeZone: "America/New_York" })).toBe(
      "HOT LEAD! Jane Smith +15555556666 \nService: Teeth Whitening",
    );
  });
});

describe("the reminder's time", () => {
  const zone = "America/New_York";
  const bookedAt = new Date("2026-01-05T12:00:00Z");
  const dueOf = (start: string, at = "2026-01-06T12:00:00Z", booked = bookedAt) =>
    reminderTime({ start: new Date(start), bookedAt: booked, now: new Date(at) }, zone)?.toISOString();

  test.each([
    ["a day before", "2026-01-15T19:00:00Z", "2026-01-14T19:00:00.000Z"],
    ["at 20:30 for what starts late", "2026-01-16T02:30:00Z", "2026-01-15T01:30:00.000Z"],
    ["at 08:00 for what starts early", "2026-01-15T12:00:00Z", "2026-01-14T13:00:00.000Z"],
  ])("is %s", (_what, start, due) => {
    expect(dueOf(start)).toBe(due);
  });

  test("is at the same hour of the clock across a change to summer time", () => {
    expect(dueOf("2026-03-08T18:00:00Z")).toBe("2026-03-07T19:00:00.000Z");
  });

  test("does not come for what was booked less than 25 hours ahead", () => {
    const start = "2026-01-15T19:00:00Z";
    expect(dueOf(start, "2026-01-14T18:30:00Z", new Date("2026-01-14T18:30:00Z"))).toBeUndefined();
    expect(dueOf(start, "2026-01-14T17:59:00Z", new Date("2026-01-14T17:59:00Z"))).toBe("2026-01-14T19:00:00.000Z");
  });

  test("that was missed is now, or the next morning, or never when the appointment is near", () => {
    const start = "2026-01-15T19:00:00Z";
    expect(dueOf(start, "2026-01-14T22:00:00Z")).toBe("2026-01-14T22:00:00.000Z");
    expect(dueOf(start, "2026-01-15T04:00:00Z")).toBe("2026-01-15T13:00:00.000Z");
    expect(dueOf(start, "2026-01-15T18:30:00Z")).toBeUndefined();
  });
});

describe("after a confirmation's text failed", () => {
  const failed = (errorCode: number, more: { isResend?: boolean; reported?: boolean } = {}) =>
    afterFailedConfirmation({ channel: "sms", errorCode, isResend: false, reported: true, ...more });

  test.each([30001, 30002, 30003, 30008, 0, 39999])("code %d allows one more text, then a call", (code) => {
    expect(failed(code)).toBe("resend");
    expect(failed(code, { isResend: true })).toBe("call");
  });

  test.each([30005, 30006, 21635, 30007])("code %d is called at once", (code) => {
    expect(failed(code)).toBe("call");
  });

  test("a refused text is not sent again, an opt-out is not called, and after a call the owner is told", () => {
    expect(failed(30003, { reported: false })).toBe("call");
    expect(failed(21610)).toBe("tell_owner");
    expect(afterFailedConfirmation({ channel: "voice", errorCode: 0, isResend: false, reported: true })).toBe(
      "tell_owner",
    );
  });
});
