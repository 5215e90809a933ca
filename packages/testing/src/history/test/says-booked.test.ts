import { describe, expect, test } from "@jest/globals";
import { saysBooked, slotsIn, slotWords } from "../rules/says-booked.ts";

describe("what tells a customer that an appointment stands", () => {
  test.each([
    "Your appointment is all set: Consultation on Thu, Mar 5 at 9:00 AM with Dr. Smith.",
    "Your appointment confirmed!\n\nThu, Mar 5 at 9:00 AM",
    "Perfect! Your appointment is confirmed.",
    "Reminder: Consultation on Thu, Mar 5 at 9:00 AM",
    "You’re booked.",
    "Great, see you tomorrow at 2",
    "I've cancelled your appointment.",
    "It's been moved to Friday.",
  ])("%s", (text) => {
    expect(saysBooked(text)).toBe(true);
  });
});

describe("what does not", () => {
  test.each([
    "I’m still finalizing this on my end—someone will confirm shortly.",
    "I hit a snag confirming this. A human will text you shortly.",
    "Consultation: Thu, Mar 5 at 9:00 AM with Dr. Smith\nName: Jane\nReply CONFIRM to book, or tell me what to change.",
    "I'm holding Thu, Mar 5 at 9:00 AM for Consultation with Dr. Smith.\nWhat is your name, please?",
    "That slot was just taken, so nothing is booked. Let me find another option...",
    "NOT BOOKED: The code was wrong.",
    "Is your appointment confirmed?",
    "Your Smile Dental code is 4711. It expires in 10 minutes.",
  ])("%s", (text) => {
    expect(saysBooked(text)).toBe(false);
  });
});

test("the times that a text names are compared in the tenant's zone, the year aside", () => {
  expect(slotsIn("Consultation on Thu, Mar 5 at 9:00 AM, or on Fri, Mar 6, 2027 at 12:30 PM.")).toEqual([
    "Thu, Mar 5 at 9:00 AM",
    "Fri, Mar 6 at 12:30 PM",
  ]);
  expect(slotWords(Date.parse("2026-03-05T14:00:00Z"), "America/New_York")).toBe("Thu, Mar 5 at 9:00 AM");
});
