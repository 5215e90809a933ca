import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";

export const chartFolder = fileURLToPath(new URL("../../deploy/helm/bookproof/", import.meta.url));
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The chart as it is rendered for three kinds of users, each kept in golden/. */
export const renderings = {
  default: [here("values/default.yaml")],
  trial: [join(chartFolder, "values-trial.yaml")],
  production: [here("values/production.yaml")],
};
export type Rendering = keyof typeof renderings;
export const renderingNames: Rendering[] = ["default", "trial", "production"];

export const goldenFile = (name: Rendering) => here(`golden/${name}.yaml`);

/** Where a tool of the cluster is: in the PATH or in CLUSTER_HOME (~/.cluster). Undefined where there is none. */
export function findTool(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const cluster = join(env.CLUSTER_HOME ?? join(homedir(), ".cluster"), "bin");
  return [...(env.PATH ?? "").split(delimiter), cluster]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

/** How the title of a test begins that is skipped for want of a tool. */
export const without = (tool: string) => `SKIPPED, there is no ${tool} in the PATH or CLUSTER_HOME: `;

export type Answer = { code: number; stdout: string; stderr: string };

export function run(file: string, args: string[], input?: string): Answer {
  const { NODE_OPTIONS: _jestOnly, ...env } = process.env;
  try {
    return { code: 0, stdout: execFileSync(file, args, { env, encoding: "utf8", stdio: "pipe", input }), stderr: "" };
  } catch (error) {
    const { status, stdout, stderr } = z
      .object({ status: z.number(), stdout: z.string(), stderr: z.string() })
      .parse(error);
    return { code: status, stdout, stderr };
  }
}

/** @param more arguments such as `--set` */
export function render(helm: string, valueFiles: string[], more: string[] = []): Answer {
  const values = valueFiles.flatMap((file) => ["--values", file]);
  return run(helm, ["template", "bookproof", chartFolder, "--namespace", "bookings", ...values, ...more]);
}

/** Generated secrets differ each time: nothing but their names is kept. */
export function withoutSecrets(rendered: string): string {
  return rendered
    .split(/^(?=---$)/m)
    .map((document) =>
      /^kind: Secret$/m.test(document) ? document.replace(/^( {2}[A-Z_]+: ).+$/gm, "$1Z2VuZXJhdGVk") : document,
    )
    .join("");
}

const quantities = z.object({ cpu: z.string().optional(), memory: z.string().optional() });
const env = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }).optional(),
});
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  securityContext: z.looseObject({}).optional(),
  resources: z.object({ requests: quantities, limits: quantities }).optional(),
  env: z.array(env).default([]),
  startupProbe: z.looseObject({}).optional(),
  livenessProbe: z.looseObject({}).optional(),
  readinessProbe: z.looseObject({}).optional(),
});
const podSpec = z.looseObject({
  securityContext: z.looseObject({}).optional(),
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  terminationGracePeriodSeconds: z.number().optional(),
});
export type Container = z.infer<typeof container>;
export type PodSpec = z.infer<typeof podSpec>;

const resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    labels: z.record(z.string(), z.string()).default({}),
  }),
});
export type Resource = z.infer<typeof resource>;

export function readResources(rendered: string): Resource[] {
  return parseAllDocuments(rendered).flatMap((document) => {
    const found: unknown = document.toJS();
    return found ? [resource.parse(found)] : [];
  });
}

export const readGolden = (name: Rendering): Resource[] => readResources(readFileSync(goldenFile(name), "utf8"));

/** The pod that a resource makes, if it makes any. */
export function podOf({ kind, spec }: Resource): PodSpec | undefined {
  if (kind === "Pod") return podSpec.parse(spec);
  if (!["Deployment", "StatefulSet", "Job"].includes(kind)) return undefined;
  return z.object({ template: z.object({ spec: podSpec }) }).parse(spec).template.spec;
}

export const readYaml = (file: string): unknown => parse(readFileSync(file, "utf8"));
