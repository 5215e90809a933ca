import { spawnSync } from "node:child_process";

/**
 * `npm test`: lint, types, then every suite. The suites' reporter prints the closing line `N passed, N failed`; when a
 * check before them fails, that is the one failure. With arguments, jest alone runs with them.
 */
const jestArguments = process.argv.slice(2);
const checks = [
  ["run", "--silent", "generate"],
  ["run", "--silent", "lint"],
  ["run", "--silent", "typecheck"],
];

for (const args of jestArguments.length > 0 ? [] : checks) {
  console.log(`> npm ${args.join(" ")}`);
  const { status } = spawnSync("npm", args, { stdio: "inherit" });
  if (status !== 0) {
    console.log("0 passed, 1 failed");
    process.exit(status ?? 1);
  }
}

const suites = spawnSync("jest", jestArguments, {
  stdio: "inherit",
  env: { ...process.env, NODE_OPTIONS: "--experimental-vm-modules --disable-warning=ExperimentalWarning" },
});
process.exit(suites.status ?? 1);
