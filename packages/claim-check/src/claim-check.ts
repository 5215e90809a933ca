import { bookingClaims, type Claim, changeClaims, excuses, softClaims } from "./claim-patterns.ts";

/**
 * P1: whether words say that an appointment is booked, confirmed, moved or cancelled, or take it for granted ("see you
 * tomorrow at 2"). Questions, conditions, negations and offers are no claims. Where it is unclear it is a claim.
 */
export function claimsBooking(text: string): boolean {
  const lower = normalise(text);
  // "Done" or "I've changed the time" before a plain request to confirm speaks of the draft, not of a booking.
  const asksToConfirm = excuses.asksToConfirm.test(lower);
  const claims = asksToConfirm ? bookingClaims : [...bookingClaims, ...softClaims];
  return anyClaim(lower, claims) || claimsChange(text);
}

/** Whether words say that an appointment was moved or cancelled, which no proof of a booking covers. */
export function claimsChange(text: string): boolean {
  return anyClaim(normalise(text), changeClaims);
}

function anyClaim(text: string, claims: readonly Claim[]): boolean {
  return sentences(text).some((sentence) => claims.some((claim) => isClaimed(sentence, claim)));
}

function isClaimed(sentence: string, { pattern }: Claim): boolean {
  for (const match of sentence.matchAll(pattern)) {
    // A pattern may take in the sign or the "and" that leads to it; both belong to what stands before.
    const lead = /^(?:[,:-] |and |so )*/.exec(match[0])?.[0].length ?? 0;
    const before = sentence.slice(0, match.index + lead);
    const after = sentence.slice(match.index + match[0].length);
    if (!isExcused(before, match[0].slice(lead), after, sentence)) return true;
  }
  return false;
}

function isExcused(before: string, claim: string, after: string, sentence: string): boolean {
  const clauseBefore = before.split(/, | - | so | and /).at(-1) ?? "";
  return (
    (sentence.endsWith("?") && excuses.interrogative.test(clauseBefore + claim)) ||
    excuses.negated.test(clauseBefore) ||
    excuses.negatedInside.test(claim) ||
    excuses.conditionBefore.test(clauseBefore) ||
    excuses.conditionFirst.test(before) ||
    excuses.instructionBefore.test(before) ||
    excuses.conditionAfter.test(after) ||
    excuses.onlyHeld.test(claim + after)
  );
}

/** Lower case, straight quotes, no invisible signs, and no full stops but those that end a sentence. */
function normalise(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase()
    .replace(/[\u2018\u2019\u02BC`´]/g, "'")
    .replace(/[*_~"“”]/g, "")
    .replace(/\s*[\u2012-\u2015]\s*|\s+-+\s+/g, " - ")
    .replace(/\b([ap])\.\s?m\b\.?/g, "$1m")
    .replace(
      /\b(dr|mr|mrs|ms|st|ave|rd|no|prof|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thu|thurs?|fri|sat|sun)\.(?=\s)/g,
      "$1",
    )
    .replace(/\p{Extended_Pictographic}/gu, " . ")
    .replace(/[^\S\n]+/g, " ");
}

function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?;])\s+|\n+/)
    .map((sentence) => sentence.trim().replace(/^(?:[-.]\s+)+/, ""))
    .filter(Boolean);
}
