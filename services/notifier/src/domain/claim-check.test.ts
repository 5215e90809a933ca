import { describe, expect, test } from "@jest/globals";
import { claimsBooking, claimsChange } from "./claim-check.ts";
import { bookedText, FINALIZING_TEXT, SNAG_TEXT } from "./customer-texts.ts";

const claims = [
  "You're booked!",
  "You’re booked for tomorrow at 2 PM.",
  "you are booked",
  "Youre all set for Tuesday",
  "Great news, you're now confirmed for Friday at 10.",
  "You're all set!",
  "All set! See you then.",
  "Your appointment is confirmed.",
  "Your appointment is all set: Consultation on Tue, Jan 15 at 2:00 PM.",
  "Your appointment with Dr. Smith on Tuesday, Jan 15 at 2 p.m. is confirmed.",
  "Your consultation has been scheduled for 2:00 PM.",
  "The booking is complete.",
  "Appointment confirmed ✅",
  "Booking confirmed for Jan 15",
  "Booked!",
  "Confirmed for Tuesday at 2.",
  "Perfect - confirmed. Anything else?",
  "I've booked you for Tuesday at 2.",
  "I have scheduled your visit for 3 PM.",
  "I went ahead and booked the 2 PM slot.",
  "We've got you down for Tuesday at 2.",
  "We have you scheduled for 9 AM.",
  "I put you on the calendar for Friday.",
  "I just added you to the schedule for Friday at 3.",
  "It's booked.",
  "It’s all confirmed, thanks!",
  "Everything is set, it's on the calendar.",
  "We're all set for Tuesday.",
  "2:00 PM is yours!",
  "Your slot is reserved, see you there.",
  "See you tomorrow at 2!",
  "We'll see you on Tuesday at 2 PM.",
  "Looking forward to seeing you on Friday",
  "You have an appointment tomorrow at 2.",
  "Your confirmation number is 48213.",
  "No problem, you're booked for 2 PM, anything else?",
  "Your appointment is confirmed, right?",
  "I've confirmed your appointment.",
  "You have been successfully scheduled.",
  "Done! Tuesday at 2 it is.",
  "That's all taken care of.",
  "I hit a snag earlier but you're booked now.",
  "Your request has been booked.",
  "YOU ARE ALL SET",
  "you're bo\u200Boked",
  "*You're booked*",
  "Su cita está confirmada para mañana a las 2.",
  "Nos vemos mañana a las 2",
  "I've moved it to 3 PM.",
  "I've cancelled your appointment.",
  "Your appointment has been moved to Friday at 10.",
  "Your appointment was canceled.",
  "You're rescheduled for Monday.",
  "Rescheduled to Friday at 3.",
  "We have rescheduled you to Friday.",
];

const noClaims = [
  FINALIZING_TEXT,
  SNAG_TEXT,
  "Would you like to be booked?",
  "Would you like me to book that for you?",
  "You're not booked yet.",
  "You’re not booked yet. Reply CONFIRM to book.",
  "Reply CONFIRM to book.",
  "Consultation on Tue, Jan 15 at 2:00 PM with Dr. Smith. Reply CONFIRM to book it.",
  "Reply CONFIRM and you're all set.",
  "Once you reply CONFIRM, you're booked.",
  "You'll be all set once you confirm.",
  "As soon as you reply CONFIRM your appointment is booked.",
  "I haven't booked anything yet.",
  "I have not booked it.",
  "I couldn't book that time.",
  "Your appointment is not confirmed yet.",
  "Your appointment isn't booked.",
  "Nothing is booked yet.",
  "No appointment has been booked.",
  "I can't say your appointment is confirmed.",
  "I don't see that you have an appointment with us.",
  "Is your appointment confirmed?",
  "Do you have an appointment with us?",
  "Would you like to come in and see us tomorrow at 2?",
  "When would you like to come in?",
  "We can see you tomorrow at 2. Does that work?",
  "We'd love to see you on Tuesday. What time works?",
  "I have these openings: 1) Tue, Jan 15 at 2:00 PM 2) Wed, Jan 16 at 9:00 AM 3) Thu, Jan 17 at 11:30 AM. Which one?",
  "That time is already booked, sorry. How about 3 PM?",
  "We're fully booked on Tuesday.",
  "Tuesday is booked up, but Wednesday at 10 is open.",
  "I'm holding Tue, Jan 15 at 2:00 PM for 10 minutes.",
  "Your slot is reserved for 10 minutes. Reply CONFIRM to book it.",
  "What is your name?",
  "What address should we come to?",
  "May I have your name for the appointment?",
  "I've changed the time to 3 PM. Reply CONFIRM to book it.",
  "I've updated your name, thanks. Which time suits you?",
  "A human will text you shortly.",
  "Someone from the team will confirm your appointment shortly.",
  "That slot was just taken. Here are other times: 1) 3:00 PM 2) 4:00 PM",
  "I'm trying to get your appointment booked.",
  "Let me check the calendar.",
  "I can book you for Tuesday at 2 PM if you like.",
  "Shall I move your appointment to Friday?",
  "I could not move your appointment; it has not been changed.",
  "Do you want to cancel your appointment?",
  "Your appointment has not been cancelled.",
  "If your appointment is confirmed you will get a text.",
  "We'll let you know when your appointment is confirmed.",
  "Your code is 4821. It is valid for 10 minutes.",
  "Thanks! You can text us any time.",
  "A consultation takes 30 minutes and costs $80.",
  "We are open Monday to Friday, 9 AM to 5 PM.",
  "The booking was not completed: the calendar did not answer.",
  "Are you all set for tomorrow?",
  "Sorry, I didn't catch that. Which day works for you?",
  "I need your email or phone to book.",
];

describe("claimsBooking", () => {
  test.each(claims)("stops: %s", (text) => {
    expect(claimsBooking(text)).toBe(true);
  });

  test.each(noClaims)("lets through: %s", (text) => {
    expect(claimsBooking(text)).toBe(false);
  });

  test("recognises the door's own success text as a claim", () => {
    const appointment = { start: new Date(), offeringName: "Consultation", calendarName: "Dr. Smith", address: "" };
    const business = { name: "Smile Dental", phone: "+15550100001", timeZone: "UTC" };
    expect(claimsBooking(bookedText(appointment, business, new Date()))).toBe(true);
  });
});

test("a moved or cancelled appointment is a claim that no booking proof covers", () => {
  expect(claimsChange("I've cancelled your appointment.")).toBe(true);
  expect(claimsChange("Your appointment is now moved to Friday.")).toBe(true);
  expect(claimsChange("You're booked for Friday.")).toBe(false);
});
