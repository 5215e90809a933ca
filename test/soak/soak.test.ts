import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

test("at twice what it sustains the system loses nothing, says nothing untrue, and needs no more memory afterwards", async () => {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const { NODE_OPTIONS: _ofJest, ...env } = process.env;
  const soak = spawn(process.execPath, [main, "--minutes", "0.25"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  soak.stdout.on("data", (chunk) => (printed += String(chunk)));
  soak.stderr.on("data", (chunk) => (printed += String(chunk)));
  const [code] = await once(soak, "close");
  if (code !== 0) throw new Error(printed);
  expect(printed).toContain("The soak holds.");
}, 240_000);
