import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Image } from "./images.ts";

interface Manifest {
  name: string;
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

/** What no image needs of a workspace: what npm puts there, tests, what only readers and generators read, and anything hidden. */
const left = /^(\..*|node_modules|test|package\.json|buf\.gen\.yaml|.*\.test\.ts|.*\.md)$/;

/**
 * Fills an empty folder with what one image holds: `dependencies/`, the packages as the lockfile names them, and `sources/`, the workspaces
 * and further files. npm runs here and not in the image's build: with its own registry, cache and credentials, of which no layer hears.
 * @param root the repository, whose gRPC code is generated
 * @throws Error of one sentence
 */
export function assembleContext(image: Image, root: string, folder: string): void {
  const workspaces = neededWorkspaces(image, root);
  const dependencies = join(folder, "dependencies");
  writeManifest(dependencies, { ...withoutDevelopment(readManifest(root)), workspaces: [...workspaces.keys()] });
  for (const [path, manifest] of workspaces) writeManifest(join(dependencies, path), manifest);
  installDependencies(root, dependencies);

  for (const path of sourceFiles(image, root)) {
    const copy = join(folder, "sources", path);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(join(root, path), copy);
  }
  // The image's user is neither owner nor in the group of these files, whatever the umask was.
  run("chmod", ["-R", "u=rwX,go=rX", folder], root);
}

/** Tells one state of what goes into an image from another: of the sources, the manifests and the lockfile. */
export function digestSources(image: Image, root: string): string {
  const digest = createHash("sha256").update(JSON.stringify([...neededWorkspaces(image, root)]));
  for (const path of ["package-lock.json", "deploy/docker/Dockerfile", ...sourceFiles(image, root)])
    digest.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return digest.digest("hex");
}

/** What the image has besides its dependencies, from the repository's root and sorted. */
function sourceFiles(image: Image, root: string): string[] {
  const filesIn = (path: string): string[] =>
    statSync(join(root, path)).isDirectory()
      ? readdirSync(join(root, path)).flatMap((name) => (left.test(name) ? [] : filesIn(join(path, name))))
      : [path];
  return [...neededWorkspaces(image, root).keys(), ...image.also].flatMap(filesIn).sort();
}

/** The image's workspace and those that it depends on, by path, each with its manifest as the image has it. */
function neededWorkspaces({ workspace, without }: Image, root: string): Map<string, Manifest> {
  const folders = readManifest(root).workspaces?.flatMap((pattern) =>
    globSync(`${pattern}/package.json`, { cwd: root }),
  );
  const paths = new Map(folders?.map(dirname).map((path) => [readManifest(join(root, path)).name, path]));
  const needed = new Map<string, Manifest>();
  const add = (path: string) => {
    if (needed.has(path)) return;
    const manifest = withoutDevelopment(readManifest(join(root, path)));
    const kept = Object.entries(manifest.dependencies ?? {}).filter(([name]) => !without.includes(name));
    needed.set(path, { ...manifest, dependencies: Object.fromEntries(kept) });
    for (const [name] of kept) {
      const next = paths.get(name);
      if (next !== undefined) add(next);
    }
  };
  add(workspace);
  return needed;
}

function installDependencies(root: string, folder: string): void {
  const lockfile = join(folder, "package-lock.json");
  cpSync(join(root, "package-lock.json"), lockfile);
  const options = ["--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["ci", ...options, "--os=linux", "--libc=glibc"], folder);
  // It names what is not there.
  rmSync(lockfile);
  // Half of the files, and read by compilers and debuggers alone.
  for (const path of globSync("**/node_modules/**/*.{d.ts,d.mts,d.cts,map}", { cwd: folder }))
    rmSync(join(folder, path));
}

function run(command: string, args: string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`\`${command} ${args[0]}\` failed: ${error?.message ?? "see above"}.`);
}

const withoutDevelopment = ({ devDependencies, scripts, ...manifest }: Manifest): Manifest => manifest;

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

function writeManifest(folder: string, manifest: Manifest): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
