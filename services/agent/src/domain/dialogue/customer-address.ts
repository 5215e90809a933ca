import { cleanText } from "./plain-text.ts";
import * as words from "./words-en.ts";

const SHORTEST_ADDRESS = 5;
const LONGEST_ADDRESS = 200;

export interface FoundAddress {
  address: string;
  /** The message without the address, for what else it says. */
  rest: string;
}

/** "my address is…" anywhere in a message. */
export function findIntroducedAddress(text: string): FoundAddress | undefined {
  return found(text, words.ADDRESS_INTRODUCED.exec(cleanText(text)), 1);
}

/** A street with its number anywhere in a message: "12 Main St, Apt 5". */
export function findStreetAddress(text: string): FoundAddress | undefined {
  const clean = cleanText(text);
  const match = words.STREET_ADDRESSES.map((pattern) => pattern.exec(clean)).find((m) => m !== null);
  return found(text, match ?? null, 0);
}

/** The answer to the question for the address: free text of 5 to 200 characters. */
export function readAddress(text: string): string | undefined {
  const address = cleanText(text)
    .replace(/\s*\n\s*/g, ", ")
    .replace(words.BEFORE_ADDRESS, "")
    .trim();
  const isAddress = address.length >= SHORTEST_ADDRESS && address.length <= LONGEST_ADDRESS;
  return isAddress && /\p{L}/u.test(address) ? address : undefined;
}

function found(text: string, match: RegExpExecArray | null, group: number): FoundAddress | undefined {
  const address = match && readAddress((match[group] ?? "").replace(/[\s,;!]+$/, ""));
  if (!match || !address) return undefined;
  const clean = cleanText(text);
  return { address, rest: `${clean.slice(0, match.index)} ${clean.slice(match.index + match[0].length)}`.trim() };
}
