import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LauncherError } from "./launcher-error.ts";

/** The folder of the repository: where services are started, so that their command lines stay short. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** @throws LauncherError where the install left the gRPC code ungenerated, as `npm ci --ignore-scripts` does */
export function assertGenerated(root: string): void {
  if (!existsSync(join(root, "packages/proto/src/gen")))
    throw new LauncherError("The gRPC code is not generated yet: run `npm run generate`, then start again.");
}

/** The node that runs services: this one, or the repository's own where this one cannot run TypeScript (below 22.18). */
export function nodeForServices(root: string): string {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return realpathSync(join(root, "node_modules/.bin/node"));
}
