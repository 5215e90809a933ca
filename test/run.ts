import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * `npm test`: lint, types, then every suite; the last line is `N passed, N failed`. When a check before the suites fails,
 * that is the one failure. With arguments, one jest run alone has them.
 */
const jestArguments = process.argv.slice(2);
const checks = [
  ["run", "--silent", "generate"],
  ["run", "--silent", "lint"],
  ["run", "--silent", "typecheck"],
];
/** Suites that load the machine, kill processes by the dozen or hold the product to its times have it to themselves. */
const alone = [
  "test/(faults|fleet|soak)/",
  "launcher/src/world.test",
  "test/integration/(voice-journey|overload|kafka)",
];
const runs =
  jestArguments.length > 0
    ? [jestArguments]
    : [
        ["--maxWorkers=2", `--testPathIgnorePatterns=/node_modules/|<rootDir>/(${alone.join("|")})`],
        // Node's own clean-up at the end of a process may spin for ever once sockets were reset by the dozen.
        ["--runInBand", "--forceExit", ...alone],
      ];

for (const args of jestArguments.length > 0 ? [] : checks) {
  console.log(`> npm ${args.join(" ")}`);
  const { status } = spawnSync("npm", args, { stdio: "inherit" });
  if (status !== 0) {
    console.log("0 passed, 1 failed");
    process.exit(status ?? 1);
  }
}

const directory = mkdtempSync(join(tmpdir(), "bookproof-counts-"));
const countsFile = join(directory, "counts.jsonl");
let failedRuns = 0;
for (const args of runs) {
  const { status } = spawnSync("jest", args, {
    stdio: "inherit",
    env: {
      ...process.env,
      NODE_OPTIONS: "--experimental-vm-modules --disable-warning=ExperimentalWarning",
      COUNTS_FILE: countsFile,
      // The tests start services by the hundred: each is compiled once.
      NODE_COMPILE_CACHE: join(directory, "compile-cache"),
    },
  });
  if (status !== 0) failedRuns += 1;
}
const counts = readCounts(countsFile);
rmSync(directory, { recursive: true });
// A run that ended without counting has failed too.
const failed = Math.max(sum(counts.map((count) => count.failed)), failedRuns, runs.length - counts.length);
console.log(`${sum(counts.map((count) => count.passed))} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function readCounts(file: string): { passed: number; failed: number }[] {
  try {
    return readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { passed: number; failed: number });
  } catch {
    return []; // no run came as far as counting
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
