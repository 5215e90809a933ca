import { stripVTControlCharacters } from "node:util";
import type { DoctorCheck } from "@bookproof/launcher/client";
import { expect, test } from "@jest/globals";
import { doctorLines, summaryLine } from "./doctor-lines.ts";

const check = (status: DoctorCheck["status"], name: string, detail: string, whatToDo = ""): DoctorCheck => ({
  ...{ status, name, detail, whatToDo },
});
const found = {
  tenant: { id: "t-1", name: "Smile Dental" },
  parts: [
    {
      part: "gateway",
      checks: [check("ok", "database", "It answers."), check("warning", "reachable", "No.", "Look.")],
    },
    {
      part: "notifier",
      checks: [
        check("failed", "Twilio account", "Refused.", "Put the token in."),
        check("skipped", "mail", "Not used."),
      ],
    },
  ],
};
const plain = { width: undefined, colours: false };

test("a line a check, grouped by part, and below what is not well what to do", () => {
  expect(doctorLines(found, plain)).toEqual([
    "Smile Dental  t-1",
    "",
    "gateway",
    "  ok       database        It answers.",
    "  warn     reachable       No.",
    "           Do: Look.",
    "",
    "notifier",
    "  FAIL     Twilio account  Refused.",
    "           Do: Put the token in.",
    "  skipped  mail            Not used.",
    "",
    "1 ok, 1 warning, 1 failed, 1 skipped",
  ]);
});

test("a terminal is not overrun, and its colours change no text", () => {
  const long = {
    ...found,
    parts: [{ part: "a", checks: [check("failed", "b", "word ".repeat(40).trim(), "do ".repeat(60))] }],
  };
  for (const line of doctorLines(long, { width: 70, colours: false })) expect(line.length).toBeLessThanOrEqual(70);
  const coloured = doctorLines(found, { width: undefined, colours: true });
  expect(coloured.map(stripVTControlCharacters)).toEqual(doctorLines(found, plain));
  expect(coloured.find((line) => line.includes("FAIL"))).toContain("\u001b[31mFAIL");
});

test("what a service says does nothing to a terminal", () => {
  const parts = [{ part: "a", checks: [check("ok", "b\u001b[2J", "c\u0007")] }];
  expect(doctorLines({ ...found, parts }, plain)[3]).toBe("  ok       b\\u{1b}[2J  c\\u{7}");
});

test("the summary leaves out what was not skipped", () => {
  expect(summaryLine([{ part: "a", checks: [check("warning", "b", "c"), check("warning", "d", "e")] }])).toBe(
    "0 ok, 2 warnings, 0 failed",
  );
});
