import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assembleContext, digestSources } from "./assemble-context.ts";
import { baseImage, type Image, imageName, images } from "./images.ts";

/** `npm run images`: builds every image, or those that are named: `npm run images -- gateway agent`. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

try {
  if (!existsSync(join(root, "packages/proto/src/gen")))
    throw new Error("The gRPC code is not generated yet: run `npm ci`, or `npm run generate`, first.");
  assertEngine();
  const revision = revisionOf(root);
  for (const image of chosen(process.argv.slice(2))) {
    const began = performance.now();
    const name = build(image, revision);
    console.log(`${name}  built in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function chosen(targets: readonly string[]): readonly Image[] {
  const unknown = targets.find((target) => !images.some((image) => image.target === target));
  if (unknown !== undefined)
    throw new Error(`There is no image "${unknown}": choose of ${images.map(({ target }) => target).join(", ")}.`);
  return targets.length === 0 ? images : images.filter(({ target }) => targets.includes(target));
}

function build(image: Image, revision: string): string {
  const name = imageName(image.target, version, process.env);
  const context = mkdtempSync(join(tmpdir(), `bookproof-image-${image.target}-`));
  try {
    const sources = digestSources(image, root);
    assembleContext(image, root, context);
    const values = { BASE_IMAGE: baseImage(process.env), VERSION: version, REVISION: revision, SOURCES: sources };
    const buildArgs = Object.entries(values).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
    const file = join(root, "deploy/docker/Dockerfile");
    const args = ["build", "--quiet", "--file", file, "--target", image.target, ...buildArgs, "--tag", name, context];
    const { status } = spawnSync("docker", args, { stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) throw new Error(`${name} could not be built: see above.`);
    return name;
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** Before minutes are spent on what it is to build. */
function assertEngine(): void {
  const { status, error } = spawnSync("docker", ["version"], { stdio: ["ignore", "ignore", "inherit"] });
  if (error) throw new Error("There is no `docker` here: install Docker, or what is called like it, first.");
  if (status !== 0) throw new Error("No container engine answers `docker version`: start it first.");
}

/** The commit; "" outside a git repository. */
function revisionOf(folder: string): string {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}
