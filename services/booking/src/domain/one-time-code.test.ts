import { expect, test } from "@jest/globals";
import { createOneTimeCodes } from "./one-time-code.ts";

const codes = createOneTimeCodes([Buffer.alloc(32, 1).toString("base64")]);
const binding = { tenantId: "t", holdId: "h", recipient: "+15551230001" };

test("a code has four digits", () => {
  for (let i = 0; i < 200; i++) expect(codes.draw()).toMatch(/^\d{4}$/);
});

test("a sealed code matches its own tenant, hold and recipient alone", () => {
  const sealed = codes.seal(binding, "0042");
  expect(codes.matches(sealed, binding, "0042")).toBe(true);
  expect(codes.matches(sealed, binding, "0043")).toBe(false);
  for (const other of [{ tenantId: "u" }, { holdId: "i" }, { recipient: "+15551230002" }])
    expect(codes.matches(sealed, { ...binding, ...other }, "0042")).toBe(false);
});

test("without the key nothing is known of it: it neither shows the code nor matches under another key", () => {
  const sealed = codes.seal(binding, "0042");
  expect(sealed).not.toContain("0042");
  const others = createOneTimeCodes([Buffer.alloc(32, 2).toString("base64")]);
  expect(others.matches(sealed, binding, "0042")).toBe(false);
});

test("a code that was sent before the keys were rotated is still good while the old key is kept", () => {
  const [oldKey, newKey] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
  const sealed = codes.seal(binding, "0042");
  expect(createOneTimeCodes([newKey, oldKey]).matches(sealed, binding, "0042")).toBe(true);
  expect(createOneTimeCodes([newKey, oldKey]).matches(sealed, binding, "0043")).toBe(false);
});
