import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { readTracesConfig } from "../../traces/read-config.ts";
import { get } from "./otlp.ts";

function run(env: Record<string, string>) {
  const path = fileURLToPath(new URL("../../traces-main.ts", import.meta.url));
  return spawn(process.execPath, [path], { env, stdio: ["pipe", "pipe", "pipe"] });
}

async function firstLine(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}

test("runs alone: prints its URL, answers, and stops on SIGTERM", async () => {
  const child = run({});
  const exited = once(child, "exit");
  const line: { url: string } = JSON.parse(await firstLine(child.stdout));
  expect(line).toEqual({ simulator: "traces", url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
  expect((await get(`${line.url}/api/services`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

test("listens on PORT, or says in one line that it cannot", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const child = run({ PORT: String(port) });
  const exited = once(child, "exit");
  expect(await firstLine(child.stderr)).toBe(
    `traces simulator: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
  );
  expect(await exited).toEqual([1, null]);
  taken.close();
});

test("reads its settings, and names the wrong one", () => {
  expect(readTracesConfig({})).toEqual({ exitWithParent: false, backend: { port: 0 } });
  expect(readTracesConfig({ PORT: "4318", EXIT_WITH_PARENT: "true" })).toEqual({
    exitWithParent: true,
    backend: { port: 4318 },
  });
  expect(() => readTracesConfig({ PORT: "80000" })).toThrow(/^PORT: /);
});
