import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { z } from "zod";
import { type CallEntry, callEntrySchema, type MessageEntry, messageEntrySchema } from "./ledger-entry.ts";

const lineSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("message"), entry: messageEntrySchema }),
  z.object({ kind: z.literal("call"), entry: callEntrySchema }),
]);

/** One line: a message or call as it stands after a change. A later line of the same sid replaces the earlier one. */
export type LedgerLine = { kind: "message"; entry: MessageEntry } | { kind: "call"; entry: CallEntry };

/**
 * Reads a ledger file; an absent one is empty. A last line without its newline was cut off by a kill: it is removed,
 * so that the next line does not run into it.
 * @throws ZodError or SyntaxError when a whole line is not one of ours
 */
export function readLedgerFile(path: string): LedgerLine[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
  if (whole.length < bytes.length) truncateSync(path, whole.length);
  return whole
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => lineSchema.parse(JSON.parse(line)));
}

/** Appends synchronously: what was answered must be in the file when the process is killed the moment after. */
export function appendToLedgerFile(path: string, line: LedgerLine): void {
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}
