import { cleanText } from "./plain-text.ts";
import * as words from "./words-en.ts";

const LONGEST_NAME = 80;
const MOST_WORDS = 6;

export interface FoundName {
  name: string;
  /** The message without the name, for what else it says. */
  rest: string;
}

/** A name that the customer introduces ("my name is…", "I'm Jane Roe") anywhere in a message. */
export function findIntroducedName(text: string): FoundName | undefined {
  const clean = cleanText(text);
  const shouting = !/\p{Ll}/u.test(clean);
  for (const pattern of shouting ? [words.NAME_INTRODUCED] : [words.NAME_INTRODUCED, words.SELF_INTRODUCED]) {
    const match = pattern.exec(clean);
    const name = match?.[1] && readName(match[1]);
    if (!match || !name) continue;
    return { name, rest: `${clean.slice(0, match.index)} , ${clean.slice(match.index + match[0].length)}`.trim() };
  }
  return undefined;
}

/** The answer to "what is your name?"; undefined for what is obviously none. Any script is a name's script. */
export function readName(text: string): string | undefined {
  const clean = cleanText(text)
    .replace(words.BEFORE_NAME, "")
    .replace(words.AFTER_NAME, "")
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}/gu, "")
    .replace(/^["'(\s]+|["')\s]+$/g, "")
    .replace(/\s+/g, " ");
  if (clean === "" || clean.length > LONGEST_NAME) return undefined;
  if (!/\p{L}/u.test(clean) || /[\p{N}?@/\\:;<>{}[\]"$%*=#|]|www\.|\.\p{L}{2,}$/u.test(clean)) return undefined;
  const parts = clean.split(/[\s,]+/);
  if (parts.length > MOST_WORDS || parts.some((part) => !mayBeInName(part, parts))) return undefined;
  return capitalised(clean);
}

function mayBeInName(part: string, parts: string[]): boolean {
  const word = part.toLowerCase();
  if (!words.NOT_IN_NAMES.has(word)) return true;
  const others = parts.filter((other) => !words.NOT_IN_NAMES.has(other.toLowerCase()));
  // "An Nguyen" is a name, "an hour" is none.
  return words.ALSO_NAMES.has(word) && others.length > 0 && parts.every((other) => /^\p{Lu}\p{Ll}/u.test(other));
}

/** "jane o'neil" and "JANE O'NEIL" become "Jane O'Neil"; a name with both cases is left as its owner writes it. */
function capitalised(name: string): string {
  if (name !== name.toLowerCase() && name !== name.toUpperCase()) return name;
  return name.toLowerCase().replace(/(?<![\p{L}\p{M}])\p{L}/gu, (letter) => letter.toUpperCase());
}
