import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { fetchJarsIfAbsent } from "./fetch-jars.ts";
import { oneAtATime } from "./one-at-a-time.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fetch-jars-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const fetchJars = () =>
  fetchJarsIfAbsent(join(folder, "jars"), { maven: join(folder, "mvn"), log: () => undefined, signal: undefined });

/** A Maven that does what `script` says; `$out` is where the jars belong. */
function mavenThat(script: string): void {
  const findOut = 'out=$(printf "%s\\n" "$@" | sed -n s/^-DoutputDirectory=//p)';
  writeFileSync(join(folder, "mvn"), `#!/bin/sh\n${findOut}\n${script}\n`, { mode: 0o755 });
}

test.each([
  ["brings too little", "exit 0", /^Maven did not bring \S+\.jar, which Kafka needs\.$/],
  ["fails", "echo '[ERROR] no route to the repository'; exit 1", /^Fetching Kafka's jars by Maven failed: .*no route/],
])("a Maven that %s is one sentence, and no jars are there", async (_what, script, sentence) => {
  mavenThat(script);
  await expect(fetchJars()).rejects.toThrow(sentence);
  expect(readdirSync(folder)).toEqual(["mvn"]);
});

test("a jar that is not the pinned one is not used", async () => {
  const pinned = join(import.meta.dirname, "../jars.sha256");
  mavenThat(`cut -c67- ${pinned} | while read -r name; do echo spoilt > $out/$name; done`);
  await expect(fetchJars()).rejects.toThrow(/\.jar, as Maven brought it, is not the pinned one, so it is not used\.$/);
  expect(existsSync(join(folder, "jars"))).toBe(false);
});

test("without Maven it is said what to install", async () => {
  await expect(fetchJars()).rejects.toThrow("there is no mvn: install it (on Debian: apt-get install maven)");
});

test("only one fetches at a time, and a holder that was killed holds nothing", async () => {
  const lock = join(folder, "lock");
  // No process has this number: the highest there is, is lower.
  symlinkSync("99999999", lock);
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  await Promise.all([1, 2, 3].map(() => oneAtATime(lock, undefined, work)));
  expect(most).toBe(1);
  expect(existsSync(lock)).toBe(false);
});
