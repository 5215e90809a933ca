/** One image: a final stage of the Dockerfile. */
export interface Image {
  /** The stage, and the last part of the image's name. */
  target: string;
  /** The folder whose production dependencies it has, with the workspaces among them. */
  workspace: string;
  /** Dependencies that nothing in the image ever loads, with all that they need. */
  without: readonly string[];
  /** Files and folders besides the workspaces, from the repository's root. */
  also: readonly string[];
}

const signals = "deploy/docker/end-on-signal.ts";
const migrations = "db/migrations";
const service = (target: string, ...also: string[]): Image => ({
  target,
  workspace: `services/${target}`,
  without: [],
  also: [signals, ...also],
});

export const services: readonly Image[] = [
  service("gateway"),
  service("agent"),
  // It applies none, but tells whether any is missing.
  service("booking", migrations),
  service("calendar"),
  service("notifier"),
];

export const images: readonly Image[] = [
  ...services,
  {
    target: "sandbox",
    workspace: "packages/simulators",
    without: [],
    also: [signals, "deploy/docker/sandbox-main.ts"],
  },
  {
    target: "tools",
    workspace: "cli",
    // The operator's command talks to a running system; what starts one on a single machine stays out.
    without: ["@bookproof/local-kafka", "@bookproof/local-postgres", "@bookproof/simulators"],
    also: [signals, migrations, "tenants.example.yaml"],
  },
];

/** `bookproof/<target>:<version>`, unless IMAGE_PREFIX (`registry.example.com/bookproof`) or IMAGE_TAG say otherwise. */
export function imageName(target: string, version: string, env: NodeJS.ProcessEnv): string {
  return `${env.IMAGE_PREFIX || "bookproof"}/${target}:${env.IMAGE_TAG || version}`;
}

/** What every image is built on, unless BASE_IMAGE says otherwise. */
export const baseImage = (env: NodeJS.ProcessEnv): string => env.BASE_IMAGE || "node:24-bookworm-slim";

/** The label that says which state of the sources an image was built of. */
export const sourcesLabel = "bookproof.sources";
