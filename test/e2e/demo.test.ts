import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

const run = promisify(execFile);
const demo = fileURLToPath(new URL("../demo/main.ts", import.meta.url));

test("`npm run demo` plays every proof on real processes, and each holds", async () => {
  const { NODE_OPTIONS: _jestOnly, ...env } = process.env;
  const played = run(process.execPath, [demo], { env, timeout: 150_000, maxBuffer: 32 * 1024 * 1024 });
  // What was played is what tells why a proof does not hold.
  const { stdout } = await played.catch((failure: { stdout: string }) => failure);
  expect(stdout).toMatch(/All \d+ proofs hold\.\s*$/);
  expect(stdout).not.toContain("✘");
}, 160_000);
