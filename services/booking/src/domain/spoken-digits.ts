const digitOf: Record<string, string> = {
  zero: "0",
  oh: "0",
  o: "0",
  nought: "0",
  one: "1",
  two: "2",
  to: "2",
  too: "2",
  three: "3",
  four: "4",
  for: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
};

/**
 * The digits of what a caller said: "1 2 3 4", "1234." and "one two three four" are all "1234". Words count only where there
 * are not enough figures, so that "for 1 2 3 4" does not begin with a four.
 */
export function spokenDigits(said: string): string {
  const figures = said.replace(/\D/g, "");
  if (figures.length >= 4) return figures;
  const words = said.toLowerCase().match(/[a-z]+|\d/g) ?? [];
  return words.map((word) => (/\d/.test(word) ? word : (digitOf[word] ?? ""))).join("");
}
