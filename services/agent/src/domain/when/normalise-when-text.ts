import { DAY_PART, MONTH, NOT_A_TIME, QUARTER_TO, RULED_OUT, SPELLINGS, WEEKDAY } from "./when-words.ts";

// An SMS has at most 1,600 characters; what is longer is no answer to "when?".
const MAX_LENGTH = 1600;
const INVISIBLE = /\p{Cf}|\ufe0f/gu;
/** Stands where something was taken out, so that its neighbours don't grow together. */
export const HOLE = " _ ";

const FULL_NAME = new RegExp(
  String.raw`^\s*(?:${WEEKDAY}|${MONTH}) (?!(?:${DAY_PART}|please|works?|thanks|only|ok)\b)[a-z'-]{3,}\s*$`,
  "i",
);

/** "Sunday Smith", "April Johnson": two capitalised words, the second none of ours. */
export function looksLikeName(text: string): boolean {
  return /^\s*[A-Z][a-z]+ [A-Z][a-z'-]+\s*$/.test(text) && FULL_NAME.test(text);
}

/** Lower case, one spelling for each word the rules know, and holes where numbers and names are no times. */
export function normaliseWhenText(text: string): string {
  let clean = text
    .slice(0, MAX_LENGTH)
    .normalize("NFKC")
    .replace(INVISIBLE, "")
    .toLowerCase()
    .replace(/[\u2018\u2019`]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\s+/g, " ");
  for (const pattern of NOT_A_TIME) clean = clean.replace(pattern, HOLE);
  for (const [pattern, spelling] of SPELLINGS) clean = clean.replace(pattern, spelling);
  clean = clean.replace(QUARTER_TO, (_, hour: string) => `${hour === "1" ? 12 : Number(hour) - 1}:45`);
  for (const pattern of RULED_OUT) clean = clean.replace(pattern, HOLE);
  return clean.replace(/\s+/g, " ").trim();
}
