import type { OfferingProfile } from "./dialogue-types.ts";
import { plainText } from "./plain-text.ts";
import { COMMON_IN_NAMES, CORRECTS, RULED_OUT_BEFORE } from "./words-en.ts";

const SHORTEST_TELLING_WORD = 4;
// Below this a slip of one letter makes another word.
const SHORTEST_MISSPELT_WORD = 7;

interface Mention {
  offering: OfferingProfile;
  at: number;
  length: number;
}

/**
 * The offering a message names: by its name, an alias, or a word that only its name has ("whitening" for Teeth
 * Whitening), one wrong letter allowed in long words. Of several the first, or the last where the message corrects itself.
 */
export function namedOffering(text: string, offerings: OfferingProfile[]): OfferingProfile | undefined {
  const plain = plainText(text);
  const mentions = mentionsOf(plain, phrasesOf(offerings));
  const found = mentions.length > 0 ? mentions : mentionsOf(plain, tellingWordsOf(offerings), isNearly);
  const meant = found.filter(({ at }) => !RULED_OUT_BEFORE.test(plain.slice(0, at)));
  return (CORRECTS.test(plain) ? meant.at(-1) : meant[0])?.offering;
}

function phrasesOf(offerings: OfferingProfile[]): [string, OfferingProfile][] {
  return offerings
    .flatMap((offering) =>
      [offering.name, offering.id, ...offering.aliases].map((phrase): [string, OfferingProfile] => [
        plainText(phrase.replaceAll("_", " ")),
        offering,
      ]),
    )
    .filter(([phrase]) => phrase !== "" && !COMMON_IN_NAMES.has(phrase));
}

function tellingWordsOf(offerings: OfferingProfile[]): [string, OfferingProfile][] {
  const owners = new Map<string, Set<OfferingProfile>>();
  for (const [phrase, offering] of phrasesOf(offerings)) {
    for (const word of phrase.split(/[^\p{L}\p{N}]+/u)) {
      if (word.length < SHORTEST_TELLING_WORD || COMMON_IN_NAMES.has(word)) continue;
      owners.set(word, (owners.get(word) ?? new Set()).add(offering));
    }
  }
  return [...owners].flatMap(([word, set]) =>
    [...set].slice(0, set.size === 1 ? 1 : 0).map((o): [string, OfferingProfile] => [word, o]),
  );
}

/** In the order of the text; a mention within a longer one does not count. */
function mentionsOf(
  text: string,
  phrases: [string, OfferingProfile][],
  matches: (said: string, word: string) => boolean = (said, word) => said === word || said === `${word}s`,
): Mention[] {
  const said = [...text.matchAll(/[\p{L}\p{N}']+/gu)].map((match) => ({ word: match[0], at: match.index }));
  const mentions: Mention[] = [];
  for (const [phrase, offering] of phrases) {
    const wanted = phrase.match(/[\p{L}\p{N}']+/gu) ?? [];
    for (const [i, { at }] of said.entries()) {
      if (wanted.length > 0 && wanted.every((word, n) => matches(said[i + n]?.word ?? "", word))) {
        mentions.push({ offering, at, length: phrase.length });
      }
    }
  }
  const outer = mentions.filter(
    (m) => !mentions.some((o) => o.length > m.length && o.at <= m.at && m.at < o.at + o.length),
  );
  return outer.sort((a, b) => a.at - b.at);
}

function isNearly(said: string, word: string): boolean {
  if (said === word || said === `${word}s`) return true;
  if (word.length < SHORTEST_MISSPELT_WORD || Math.abs(said.length - word.length) > 1) return false;
  let start = 0;
  while (start < said.length && said[start] === word[start]) start++;
  let end = 0;
  while (end < Math.min(said.length, word.length) - start && said.at(-1 - end) === word.at(-1 - end)) end++;
  return Math.max(said.length, word.length) - start - end <= 1;
}
