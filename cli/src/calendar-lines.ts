import type { CalendarConnections } from "@bookproof/launcher/client";
import { painter, type Style, type Terminal } from "./terminal.ts";
import { hangingLines, printable } from "./wrap-text.ts";

type Connection = CalendarConnections["calendars"][number];

const styles: Record<Connection["state"], Style> = { connected: "green", not_connected: "yellow", disconnected: "red" };
const heading = ["CALENDAR", "NAME", "KIND", "STATE", "ACCOUNT", "SINCE"];
const stateColumn = 3;
const doIndent = 4;

/** A line a calendar, under a heading, and below each that is not connected what to do. */
export function calendarLines({ calendars }: CalendarConnections, terminal: Terminal): string[] {
  const paint = painter(terminal);
  const rows = calendars.map(cellsOf);
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: string[], style: (column: number) => Style) =>
    cells
      .map((cell, column) => paint(style(column), cell) + " ".repeat((widths[column] ?? 0) - cell.length))
      .join("  ")
      .trimEnd();
  return [
    line(heading, () => "bold"),
    ...calendars.flatMap((calendar, index) => {
      const style = styles[calendar.state];
      const shown = line(rows[index] ?? [], (column) => (column === stateColumn ? style : "plain"));
      if (!calendar.whatToDo) return [shown];
      const advice = { head: `${" ".repeat(doIndent)}Do: `, column: doIndent + 4, text: printable(calendar.whatToDo) };
      return [shown, ...hangingLines(advice, terminal.width, (text) => paint(style, text))];
    }),
  ];
}

function cellsOf({ id, displayName, kind, state, reason, accountEmail, connectedAt }: Connection): string[] {
  const isTold = state === "disconnected" && reason !== "";
  const shown = `${state.replace("_", " ")}${isTold ? ` (${reason})` : ""}`;
  return [id, displayName, kind, shown, accountEmail ?? "", connectedAt?.slice(0, 10) ?? ""].map(printable);
}
