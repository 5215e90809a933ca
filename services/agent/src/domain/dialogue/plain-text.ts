// An SMS has at most 1,600 characters.
const MAX_LENGTH = 1600;
const INVISIBLE = /\p{Cf}|\ufe0f|\u20e3/gu;
const PICTOGRAPHS = /\p{Extended_Pictographic}|\p{Emoji_Modifier}/gu;

/** One form of each letter and quote, no invisible characters; case and line breaks stay. */
export function cleanText(text: string): string {
  return text
    .slice(0, MAX_LENGTH)
    .normalize("NFKC")
    .replace(INVISIBLE, "")
    .replace(/[\u2018\u2019\u00b4`]/g, "'")
    .replace(/[\u201c\u201d\u00ab\u00bb]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[^\S\n]+/g, " ")
    .trim();
}

/** For whole-message patterns: lower case, one line, without emoji and without punctuation at either end. */
export function plainText(text: string): string {
  return cleanText(text)
    .toLowerCase()
    .replace(PICTOGRAPHS, " ")
    .replace(/\s+/g, " ")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}
