import { expect, test } from "@jest/globals";
import { terminalOf } from "./terminal.ts";

test("a terminal has its width, and colours unless NO_COLOR or a dumb terminal forbids them", () => {
  const terminal = { isTTY: true, columns: 120 };
  expect(terminalOf(terminal, {})).toEqual({ width: 120, colours: true });
  expect(terminalOf(terminal, { NO_COLOR: "" })).toEqual({ width: 120, colours: true });
  expect(terminalOf(terminal, { NO_COLOR: "1" })).toEqual({ width: 120, colours: false });
  expect(terminalOf(terminal, { TERM: "dumb" })).toEqual({ width: 120, colours: false });
});

test("a pipe or a file has neither", () => {
  expect(terminalOf({}, {})).toEqual({ width: undefined, colours: false });
  expect(terminalOf({ isTTY: false, columns: 120 }, {})).toEqual({ width: undefined, colours: false });
});
