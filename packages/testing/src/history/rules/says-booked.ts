/**
 * P1 as this checker reads it: whether words tell a customer that an appointment stands, or was moved or cancelled. Written apart
 * from the product's own claim check, so that a defect there is not shared: cruder, one sentence at a time.
 */
export function saysBooked(text: string): boolean {
  return sentencesOf(text).some(
    (sentence) => !denied.test(sentence) && !sentence.endsWith("?") && claims.some((claim) => claim.test(sentence)),
  );
}

/** Of words that make a claim: whether it is of a cancellation. */
export const saysCancelled = (text: string): boolean => /\bcancell?ed\b/i.test(text);
/** The same of a move. */
export const saysMoved = (text: string): boolean => /\b(?:moved|rescheduled)\b/i.test(text);

const done = "(?:all set|set|booked|confirmed|scheduled|reserved|moved|rescheduled|cancell?ed)";
const claims = [
  new RegExp(`\\b(?:is|are|was|been|you're|it's|that's|got you) (?:now |all |officially )*${done}\\b`),
  new RegExp(`\\b(?:appointment|booking|visit|reservation) ${done}\\b`),
  new RegExp(`^(?:great|perfect|ok|done)?[!,. ]*${done}\\b`),
  new RegExp(`\\b(?:i|we)(?:'ve| have)? ${done} (?:you|it|that|your)\\b`),
  /\bsee you (?:today|tomorrow|then|there|on|at|next|mon|tue|wed|thu|fri|sat|sun)/,
  /\byou have (?:an|your) appointment\b/,
  /^reminder:/,
];
const denied = /\b(?:not|nothing|never|no|once|if|when|until|unless|cannot)\b|n't\b/;

function sentencesOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter(Boolean);
}

const slot = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [A-Z][a-z]{2} \d{1,2}(?:, \d{4})? at \d{1,2}:\d\d [AP]M/g;

/** The times a text names, as "Tue, Jan 15 at 2:00 PM". */
export function slotsIn(text: string): string[] {
  return [...text.matchAll(slot)].map(([words]) => words.replace(/, \d{4} at/, " at"));
}

/** A time in the words of `slotsIn`. @param at milliseconds since the epoch; `timeZone` IANA. */
export function slotWords(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    ...{ weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", hour12: true },
  }).formatToParts(at);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("weekday")}, ${part("month")} ${part("day")} at ${part("hour")}:${part("minute")} ${part("dayPeriod")}`;
}
