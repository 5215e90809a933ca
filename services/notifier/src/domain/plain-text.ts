/** Typographic signs that would turn a whole SMS into UCS-2 (70 characters a segment), and what they are sent as. */
const plainSigns: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201A\u2032]/g, "'"],
  [/[\u201C\u201D\u201E\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, "-"],
  [/\u2026/g, "..."],
  [/\p{Cf}/gu, ""],
  [/\s+/g, " "],
];

/** One line with plain punctuation, at most `limit` characters: a name or an address as a text may carry it. */
export function plainPunctuation(text: string, limit: number): string {
  const plain = plainSigns.reduce((line, [sign, plainSign]) => line.replace(sign, plainSign), text).trim();
  return plain.length > limit ? `${plain.slice(0, limit - 3).trimEnd()}...` : plain;
}

/** The same in ASCII alone: letters lose their accents, what has no ASCII form becomes "?". */
export function plainAscii(text: string, limit: number): string {
  const unaccented = plainPunctuation(text, limit).normalize("NFKD").replace(/\p{M}/gu, "");
  return unaccented.replace(/[^\x20-\x7e]/gu, "?");
}
