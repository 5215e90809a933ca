import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { maskContacts, maskPhone } from "./mask.ts";

/** The lines that a real process writes. @param body what it does with `logger`, after the imports */
function linesOf(body: string): string[] {
  const script = `
    import { BookproofError } from "@bookproof/errors";
    import { createLogger } from "@bookproof/service";
    import { z } from "zod";
    const logger = createLogger("test", "debug");
    ${body}`;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script];
  const written = execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" });
  return written.trim().split("\n");
}

/** The error that a process logs as `err`, with its whole line. */
function logged(error: string) {
  const [line = ""] = linesOf(`logger.error({ err: ${error} }, "[FAILED] it did not work");`);
  return { line, err: JSON.parse(line).err };
}

describe("an error in a log line", () => {
  test("has its kind, its text, what names the failure, and where it was thrown", () => {
    const { err } = logged(`Object.assign(new TypeError("no answer"), { code: "ECONNRESET" })`);
    expect(err).toMatchObject({ type: "TypeError", message: "no answer", code: "ECONNRESET" });
    expect(err.stack).toMatch(/^TypeError: no answer\n\s+at /);
  });

  test("has its reason and its causes", () => {
    const { err } = logged(
      `new BookproofError("unavailable", undefined, { cause: new Error("one", { cause: new Error("two") }) })`,
    );
    expect(err).toMatchObject({
      reason: "unavailable",
      cause: { message: "one", cause: { message: "two" } },
    });
  });

  test("of a database names the constraint, not the row", () => {
    const { err, line } = logged(
      `Object.assign(new Error('new row for relation "contacts" violates check constraint "named"'), {
        severity: "ERROR", code: "23514", table: "contacts", constraint: "named",
        detail: "Failing row contains (Jane Roe, 12 Main St).", where: "unnamed portal parameter $1 = 'Jane Roe'",
      })`,
    );
    expect(err).toMatchObject({ code: "23514", table: "contacts", constraint: "named" });
    expect(err.message).toContain('"named"');
    expect(line).not.toMatch(/Jane|Main/);
  });

  test.each([
    `Object.assign(new Error('invalid input syntax for type uuid: "Jane Roe"'), { severity: "ERROR", code: "22P02" })`,
    `(() => { try { JSON.parse('{"name": "Jane Roe" 12 Main St'); } catch (error) { return error; } })()`,
    `z.strictObject({}).safeParse({ "Jane Roe": 1 }).error`,
    `new Error("outer", { cause: new SyntaxError('"Jane Roe" is not valid JSON') })`,
    `Object.assign(new Error("refused"), { config: { data: "Jane Roe" }, response: { body: "12 Main St" } })`,
    `"Jane Roe"`,
    `{ message: "Jane Roe" }`,
  ])("quotes nothing: %s", (error) => {
    const { line } = logged(error);
    expect(JSON.parse(line).err.message).not.toBe("");
    expect(line).not.toMatch(/Jane|Main/);
  });

  test("whose causes go round in a circle is cut short", () => {
    const { line } = logged(`(() => { const error = new Error("round"); error.cause = error; return error; })()`);
    expect(line.match(/"message":"round"/g)?.length).toBeLessThan(10);
  });
});

test("no line has a whole phone number or an e-mail address, wherever it stands, and each is still JSON", () => {
  const lines = linesOf(`
    logger.info({ to: "+15551230001", deep: [{ url: "?To=%2B15551230001" }] }, "from +15551230001");
    logger.info({ reason: "550\\n<jane.roe@example.com>\\tjane.roe@example.com" }, "for jane%40example.com");
    logger.error(new Error("The 'To' number +15551230001 is not valid"));`);
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(() => JSON.parse(line)).not.toThrow();
    expect(line).not.toMatch(/555123|jane|example\.com/);
  }
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ to: "***0001", msg: "from ***0001" });
});

test.each([
  ["+15551230001", "***0001"],
  ["1 (555) 123-0001", "***0001"],
  ["262966", "***2966"],
  ["", ""],
  ["Jane Roe", "***"],
  ["Bo", "***"],
  ["jane@example.com", "***"],
  ["12", "***"],
])("'%s' is shown as '%s' where a phone number belongs", (given, shown) => {
  expect(maskPhone(given)).toBe(shown);
});

test("what is neither phone nor e-mail stays", () => {
  const text = "2026-11-21T10:00:00+00:00 at node_modules/.pnpm/pg@8.23.1/x.js:12 @bookproof/errors +12 a@b";
  expect(maskContacts(text)).toBe(text);
});
