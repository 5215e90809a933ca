/**
 * What the voice assistant may say after a tool: one line each, the first eight letter by letter of seed 002.
 * Only `booked` claims a booking, and only a proven one may be answered with it.
 */
export const speech = {
  held: "Perfect! I've held that time for you.",
  taken: "That slot was just taken. Let me find another option...",
  codeSentToPhone: "Code sent to your phone",
  codeSentToEmail: "Code sent to your email",
  booked: "Perfect! Your appointment is confirmed.",
  wrongCode: (left: number) => `That's not quite right. You have ${left} more ${left === 1 ? "try" : "tries"}.`,
  confirmationSent: "Perfect! Check your text for the details.",
  snag: "I hit a snag confirming this. A human will text you shortly.",

  confirmationSentByEmail: "Perfect! Check your email for the details.",
  noTriesLeft:
    "That's not the right code, and there are no tries left. Nothing is booked. A human will call you shortly.",
  needContact: "I need your email or phone to hold that time.",
  timePassed: "That time has already passed. Which other time works for you?",
  unclearTime: "I didn't catch which time you mean. Which of the open times works for you?",
  dayPassed: "That day has already passed. Which other day works for you?",
  unclearDay: "I didn't catch which day you mean. Which day works best for you?",
  notOpen: "That time isn't open for booking. Let me find another option...",
  noSuchService: (names: string[]) => `I couldn't find that service. We offer ${listed(names, "and")}.`,
  noServices: "I can't book anything by phone right now. A human will follow up with you shortly.",
  unreadable: "I can't see the calendar right now, so nothing is booked. A human will follow up with you shortly.",
  failed: "I hit a snag with that, so nothing is booked. A human will follow up with you shortly.",
  noLiveHold: "I'm not holding that time any more, so nothing is booked. Let me check it again.",
  stillConfirming: "I'm still working on that. Give me one moment, please.",
  noCodeYet: "I haven't sent you a code yet. Let me do that first.",
  noMoreCodes: "I can't send you any more codes, so nothing is booked. A human will follow up with you shortly.",
  unreachable: "I can't reach you with a code, so nothing is booked. A human will follow up with you shortly.",
  lostSlot: "That slot was just taken, so nothing is booked. Let me find another option...",
  nothingToConfirm: "Nothing is booked yet, so there are no details to send.",
  confirmationDelayed: "The text with the details is still on its way.",
  confirmationFailed: "I couldn't send the text with the details. A human will follow up with you shortly.",
} as const;

/** "a", "a or b", "a, b, or c" */
export function listed(items: string[], word: "and" | "or"): string {
  if (items.length < 3) return items.join(` ${word} `);
  return `${items.slice(0, -1).join(", ")}, ${word} ${items.at(-1)}`;
}
