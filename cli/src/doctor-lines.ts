import type { DoctorCheck, Examination } from "@bookproof/launcher/client";
import { painter, type Style, type Terminal } from "./terminal.ts";
import { hangingLines, printable } from "./wrap-text.ts";

type Status = DoctorCheck["status"];
type Parts = Examination["parts"];

const marks: Record<Status, { mark: string; style: Style }> = {
  ok: { mark: "ok", style: "green" },
  warning: { mark: "warn", style: "yellow" },
  failed: { mark: "FAIL", style: "red" },
  skipped: { mark: "skipped", style: "dim" },
};
const markWidth = Math.max(...Object.values(marks).map(({ mark }) => mark.length));

/** What was found, part by part: a line a check, and below what is not well, what to do about it. */
export function doctorLines({ tenant, parts }: Pick<Examination, "tenant" | "parts">, terminal: Terminal): string[] {
  const paint = painter(terminal);
  const nameWidth = Math.max(0, ...parts.flatMap(({ checks }) => checks.map(({ name }) => printable(name).length)));
  const checkLines = ({ name, status, detail, whatToDo }: DoctorCheck): string[] => {
    const { mark, style } = marks[status];
    const indent = markWidth + 4;
    const named = printable(name).padEnd(nameWidth);
    const head = `  ${paint(style, mark)}${" ".repeat(indent - 2 - mark.length)}${named}  `;
    const said = { head, column: indent + nameWidth + 2, text: printable(detail) };
    const plain = (line: string) => (status === "skipped" ? paint("dim", line) : line);
    const lines = hangingLines(said, terminal.width, plain);
    if (!whatToDo) return lines;
    const toDo = { head: `${" ".repeat(indent)}Do: `, column: indent + 4, text: printable(whatToDo) };
    return [...lines, ...hangingLines(toDo, terminal.width, (line) => paint(style, line))];
  };
  return [
    paint("bold", [tenant.name && printable(tenant.name), tenant.id].filter(Boolean).join("  ")),
    ...parts.flatMap(({ part, checks }) => ["", paint("bold", part), ...checks.flatMap(checkLines)]),
    "",
    summaryLine(parts),
  ];
}

/** `12 ok, 1 warning, 0 failed`, and how many were skipped where any were. */
export function summaryLine(parts: Parts): string {
  const { ok, warning, failed, skipped } = countChecks(parts);
  const warnings = `${warning} ${warning === 1 ? "warning" : "warnings"}`;
  return `${ok} ok, ${warnings}, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

export function countChecks(parts: Parts): Record<Status, number> {
  const counts = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { checks } of parts) for (const { status } of checks) counts[status] += 1;
  return counts;
}
