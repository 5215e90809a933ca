import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thisVersion } from "./fleet.ts";

const links = ["packages", "services"];

/** The version that an update starts from, as a folder that runs. */
export interface PreviousRelease {
  tree: string;
  remove(): void;
}

/**
 * Lays out the commit of deploy/previous-release beside this version. It runs on the dependencies of this one: what differs between
 * the two is our own code, and the code that is generated from its own protos.
 * @returns undefined where git does not have that commit, e.g. in a shallow clone
 */
export function layOutPreviousRelease(): PreviousRelease | undefined {
  const commit = readFileSync(join(thisVersion, "deploy/previous-release"), "utf8").trim();
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: thisVersion, maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "ignore"] });
  try {
    git("cat-file", "-e", `${commit}^{commit}`);
  } catch {
    return undefined;
  }
  const tree = mkdtempSync(join(tmpdir(), "bookproof-previous-release-"));
  execFileSync("tar", ["-x", "-C", tree], { input: git("archive", commit) });
  linkDependencies(tree);
  execFileSync("npm", ["run", "--silent", "generate"], { cwd: join(tree, "packages/proto"), stdio: "inherit" });
  return { tree, remove: () => rmSync(tree, { recursive: true, force: true }) };
}

function linkDependencies(tree: string): void {
  const ours = join(thisVersion, "node_modules");
  const theirs = join(tree, "node_modules");
  mkdirSync(join(theirs, "@bookproof"), { recursive: true });
  for (const name of readdirSync(ours)) if (name !== "@bookproof") symlinkSync(join(ours, name), join(theirs, name));
  for (const folder of links)
    for (const name of readdirSync(join(tree, folder)))
      symlinkSync(join(tree, folder, name), join(theirs, "@bookproof", name));
}
