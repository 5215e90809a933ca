import { registerHooks } from "node:module";
import { applyPatch, type Patch } from "./mutant.ts";
import { mutantVariable, patchesOf } from "./planted.ts";

/**
 * `node --import ./test/faults/mutants/plant.ts …` with PLANTED_MUTANT: the mutant's files are loaded changed. Nothing on disk is
 * touched, and the product knows nothing of it.
 */
const chosen = process.env[mutantVariable];
if (!chosen) throw new Error(`${mutantVariable} names no mutant`);

const root = new URL("../../../", import.meta.url);
const waiting = new Map<string, Patch[]>();
for (const patch of patchesOf(chosen)) {
  const { href } = new URL(patch.file, root);
  waiting.set(href, [...(waiting.get(href) ?? []), patch]);
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const patches = waiting.get(url);
    if (!patches || loaded.source === undefined || loaded.source === null) return loaded;
    waiting.delete(url);
    const { source } = loaded;
    const text = typeof source === "string" ? source : new TextDecoder().decode(source);
    return { ...loaded, source: patches.reduce(applyPatch, text) };
  },
});

// A file that was never loaded is a mutant that was never there.
process.on("exit", () => {
  if (waiting.size === 0) return;
  console.error(`${chosen} was not planted: nothing loaded ${[...waiting.keys()].join(", ")}`);
  process.exitCode = 3;
});
