/** Characters that would move the cursor, colour the terminal or turn its writing round, and the line ends. */
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text that says what is in it and does nothing to a terminal. */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

/**
 * Breaks a text at its spaces into lines of at most `width` characters; a longer word is cut.
 * @returns one line at least
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length <= width) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== "") lines.push(line.trimEnd());
    for (; word.length > width; word = word.slice(width)) lines.push(word.slice(0, width));
    line = word;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line.trimEnd()];
}

/** How far what does not fit beside a head is indented below it. */
const belowIndent = 6;
const narrowest = 24;

/**
 * A head and the text beside it. Where the line is full the text goes on below its own beginning, or, if a word is too long for
 * that column, further left: what people copy from it stays in one piece.
 * @param column where the text begins: the head's width on the screen, whatever colours are in it
 * @param width of a line, in characters; undefined where lines may be as long as they like
 * @param paint colours one line of the text
 */
export function hangingLines(
  { head, column, text }: { head: string; column: number; text: string },
  width: number | undefined,
  paint: (line: string) => string,
): string[] {
  if (text === "") return [head.trimEnd()];
  const room = width === undefined ? Number.POSITIVE_INFINITY : width - column;
  if (text.length <= room) return [head + paint(text)];
  const words = text.split(" ");
  const tooWide = words.findIndex((_, index) => words.slice(0, index + 1).join(" ").length > room);
  const beside = words.slice(0, tooWide).join(" ").trimEnd();
  const rest = words.slice(tooWide);
  const indent = room >= narrowest && rest.every((word) => word.length <= room) ? column : belowIndent;
  const below = wrapText(rest.join(" ").trimStart(), Math.max((width ?? 0) - indent, narrowest));
  return [
    beside === "" ? head.trimEnd() : head + paint(beside),
    ...below.map((line) => " ".repeat(indent) + paint(line)),
  ];
}
