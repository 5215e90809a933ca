import { claimsBooking } from "@bookproof/claim-check";
import { countSegments } from "@bookproof/simulators";
import { describe, expect, test } from "@jest/globals";
import { bookedText, FINALIZING_TEXT, SNAG_TEXT } from "./customer-texts.ts";
import { hasFailed, statusAfter } from "./delivery-status.ts";
import { escalationKey, escalationRef } from "./escalation-identity.ts";
import { type OwnerAlert, ownerAlertText, ownerCallWords, ownerResolvedText } from "./owner-alert.ts";

const now = new Date("2026-01-10T12:00:00Z");
const start = new Date("2026-01-15T19:00:00Z");
const business = { name: "Smile Dental", phone: "+15550100001", timeZone: "America/New_York" };

test("the two fixed texts are the product's wording, letter by letter", () => {
  expect(FINALIZING_TEXT).toBe("I\u2019m still finalizing this on my end\u2014someone will confirm shortly.");
  expect(SNAG_TEXT).toBe("I hit a snag confirming this. A human will text you shortly.");
});

describe("the booked text", () => {
  const appointment = { start, offeringName: "Consultation", calendarName: "Dr. Smith", address: "12 Main St" };

  test("says what, when in the tenant's zone, with whom, where, and how to change it", () => {
    expect(bookedText(appointment, business, now)).toBe(
      "Your appointment is all set: Consultation on Thu, Jan 15 at 2:00 PM with Dr. Smith. Address: 12 Main St. Smile Dental. To change it, call or text +15550100001. Reply STOP to unsubscribe.",
    );
  });

  test("fits two segments, typographic quotes in names notwithstanding", () => {
    const curly = {
      ...appointment,
      offeringName: "Women\u2019s Haircut \u2014 long",
      address: "1200 Long Avenue, Apartment 14, Springfield",
    };
    expect(countSegments(bookedText(curly, business, now))).toBeLessThanOrEqual(2);
  });

  test("names the year of a date almost a year away, and never asks for the word CANCEL", () => {
    const text = bookedText({ ...appointment, start: new Date("2026-12-15T19:00:00Z") }, business, now);
    expect(text).toContain("Tue, Dec 15, 2026 at 2:00 PM");
    expect(text).not.toMatch(/cancel|\byes\b/i);
  });

  test("is a claim, so that no free text can say the same without proof", () => {
    expect(claimsBooking(bookedText(appointment, business, now))).toBe(true);
  });
});

describe("the owner's text", () => {
  const alert: OwnerAlert = {
    reason: "calendar_failed_after_confirm",
    cid: "cid-1",
    ref: "7F3K",
    customerPhone: "+15551234567",
    customerName: "José\nRoe",
    start,
    offeringName: "Consultation",
    address: "12 Main St \u2013 rear",
    note: "",
    linkPath: "",
  };
  const context = { timeZone: "America/New_York", publicUrl: "https://book.example", now };

  test("carries who, what, when, where, why, the ref, the cid and the inbox", () => {
    expect(ownerAlertText(alert, context)).toBe(
      "Bookproof: booking FAILED after CONFIRM. Customer Jose Roe +15551234567 wanted Consultation on Thu, Jan 15 at 2:00 PM. Address: 12 Main St - rear. Reason: the calendar did not take the booking (calendar_failed_after_confirm). Please contact them. Ref 7F3K cid cid-1 https://book.example/?cid=cid-1",
    );
  });

  test("begins by its reason and leaves out what nobody knows", () => {
    const bare = { ...alert, customerName: "", start: undefined, offeringName: "", address: "" };
    expect(ownerAlertText({ ...bare, reason: "human_requested" }, context)).toMatch(
      /^Bookproof: a customer asked for a human\. Customer \+15551234567\. Reason: /,
    );
    expect(ownerAlertText({ ...bare, reason: "customer_opted_out" }, context)).toMatch(/cannot be texted.*call them/);
    expect(ownerAlertText({ ...bare, reason: "booking_outcome_unknown" }, context)).toContain("outcome UNKNOWN");
    expect(ownerAlertText({ ...bare, reason: "turn_failed" }, context)).toContain("a customer needs you.");
  });

  test("is plain ASCII whatever the customer is called", () => {
    const text = ownerAlertText({ ...alert, customerName: "\u738B\u{1F600} \u201CZo\u00EB\u201D" }, context);
    expect(text).toMatch(/^[\x20-\x7e]+$/);
  });

  test("that resolves an alert cannot be mistaken for the alert", () => {
    expect(ownerResolvedText(alert, context)).toContain("Resolved 7F3K");
    expect(ownerResolvedText(alert, context)).not.toContain("Ref 7F3K ");
  });

  test("is read out digit by digit on the phone", () => {
    expect(ownerCallWords(alert, context)).toContain("1 5 5 5 1 2 3 4 5 6 7");
  });
});

describe("delivery states", () => {
  test.each([
    ["", "queued", "queued"],
    ["queued", "sent", "sent"],
    ["sent", "delivered", "delivered"],
    ["", "undelivered", "undelivered"],
    ["delivered", "read", "delivered"],
    ["sent", "canceled", "failed"],
  ])("%s then %s is %s", (current, next, expected) => {
    expect(statusAfter(current, next)).toBe(expected);
  });

  test.each([
    ["delivered", "sent"],
    ["delivered", "failed"],
    ["failed", "delivered"],
    ["failed", "read"],
    ["undelivered", "failed"],
    ["sent", "sent"],
    ["queued", "no-such-state"],
  ])("%s then %s changes nothing", (current, next) => {
    expect(statusAfter(current, next)).toBeUndefined();
  });

  test("what is on its way has not failed", () => {
    expect(hasFailed("queued")).toBe(false);
    expect(hasFailed("undelivered")).toBe(true);
  });
});

test("an escalation is known by its attempt, else by its journey and reason, and its ref is always the same", () => {
  const one = { attemptId: "", cid: "c", reason: "turn_failed" };
  expect(escalationKey({ ...one, attemptId: "a" })).toBe("a");
  expect(escalationKey(one)).toBe("c:turn_failed");
  expect(escalationRef("t", "k")).toBe(escalationRef("t", "k"));
  expect(escalationRef("t", "k")).toMatch(/^[A-Z2-9]{4}$/);
});
