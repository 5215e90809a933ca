import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { cellsOf } from "../matrix.ts";
import { applyPatch } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { patchesOf } from "./planted.ts";

const root = join(import.meta.dirname, "../../..");

describe.each(mutants.map((mutant) => [mutant.name, mutant] as const))("the mutant %s", (name, mutant) => {
  test("still fits the code it changes", () => {
    const patches = patchesOf(name);
    expect(patches).not.toEqual([]);
    for (const patch of patches) {
      const source = readFileSync(join(root, patch.file), "utf8");
      expect(applyPatch(source, patch)).not.toBe(source);
    }
  });

  test("says what it breaks, under plans that the simulation has", () => {
    expect(mutant.breaks).not.toEqual([]);
    expect(cellsOf("A")).toEqual(expect.arrayContaining(mutant.plans.cells));
  });
});

test("a patch whose text is gone, or there twice, is refused", () => {
  const patch = { file: "a.ts", find: "x", replace: "y" };
  expect(() => applyPatch("abc", patch)).toThrow("stale");
  expect(() => applyPatch("x x", patch)).toThrow("stale");
  expect(applyPatch("a x", patch)).toBe("a y");
});
