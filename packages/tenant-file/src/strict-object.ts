import { z } from "zod";

/** An object that refuses keys it does not know, and says which known key a mistyped one resembles. */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const key = String(issue.keys[0]);
      const near = known.find((candidate) => resemble(candidate, key));
      return `has the unknown key "${key}"; ${near ? `did you mean "${near}"?` : `known are ${known.join(", ")}`}`;
    },
  });
}

/** One contains the other (`duration` for `duration_minutes`), or two edits at most lie between them. */
function resemble(known: string, typed: string): boolean {
  const flat = (key: string) => key.toLowerCase().replace(/[^a-z]/g, "");
  const [left, right] = [flat(known), flat(typed)];
  if (left.length > 2 && right.length > 2 && (left.includes(right) || right.includes(left))) return true;
  return editDistance(left, right) <= 2;
}

/** Levenshtein's distance, by Wagner and Fischer. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
