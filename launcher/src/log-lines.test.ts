import { expect, test } from "@jest/globals";
import { createLineFormat } from "./log-lines.ts";

const format = createLineFormat(false);
const json = (fields: object) => JSON.stringify({ time: "2026-05-04T10:00:00.000Z", service: "agent", ...fields });
const withoutTime = (line: string) => line.replace(/^\[\d\d:\d\d:\d\d\.\d{3}\] /, "");

test("a service's JSON line becomes time, level, service, cid, message and what else it says", () => {
  const line = format("agent", json({ level: "info", cid: "c-1", phone: "***0123", n: 2, msg: "[READY] up" }));
  expect(line).toMatch(/^\[\d\d:\d\d:\d\d\.000\] /);
  expect(withoutTime(line)).toBe('INFO: agent [CID:c-1] [READY] up {"phone":"***0123","n":2}');
});

test("a message that carries its cid does not say it twice", () => {
  expect(withoutTime(format("agent", json({ level: "error", cid: "c-1", msg: "[CID:c-1] [X]" })))).toBe(
    "ERROR: agent [CID:c-1] [X]",
  );
});

test("a stack stays readable", () => {
  const line = format(
    "agent",
    json({ level: "error", msg: "m", err: { type: "Error", message: "x", stack: "Error: x\n    at y" } }),
  );
  expect(line).toContain("\n");
  expect(line).toContain("at y");
});

test("any other line is shown as it is, with its source", () => {
  expect(withoutTime(format("booking", "SyntaxError: oh"))).toBe("booking: SyntaxError: oh");
  expect(withoutTime(format("phones", '{"simulator":"twilio"}'))).toBe('phones: {"simulator":"twilio"}');
  expect(withoutTime(format("phones", "{broken"))).toBe("phones: {broken");
});

test("colours only where asked for", () => {
  const line = json({ level: "info", msg: "m" });
  expect(format("agent", line)).not.toContain("\u001b");
  expect(createLineFormat(true)("agent", line)).toContain("\u001b");
});
