import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Answer,
  chartFolder,
  findTool,
  goldenFile,
  readGolden,
  readResources,
  render,
  renderingNames,
  renderings,
  run,
  without,
  withoutSecrets,
} from "./chart.ts";

const helm = findTool("helm") ?? "";
const kubeconform = findTool("kubeconform") ?? "";
const kubectl = findTool("kubectl") ?? "";
const schemas = join(kubeconform, "../../schemas");
const withHelm = helm ? test : test.skip;
const helmOr = helm ? "" : without("helm");

if (!helm)
  console.warn("No helm in the PATH or CLUSTER_HOME: the chart is not rendered, only its golden files are looked at.");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chart-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Renders with values given as YAML on top of what has to be said at least. */
function renderWith(values: string, base = renderings.default): Answer {
  const file = join(folder, "values.yaml");
  writeFileSync(file, values);
  return render(helm, [...base, file]);
}

describe.each(renderingNames)("the %s rendering", (name) => {
  withHelm(`${helmOr}is the one in golden/ (UPDATE_GOLDEN=true writes it anew)`, () => {
    const { stdout, stderr } = render(helm, renderings[name]);
    expect(stderr).toBe("");
    const rendered = withoutSecrets(stdout);
    if (process.env.UPDATE_GOLDEN === "true") writeFileSync(goldenFile(name), rendered);
    expect(rendered).toBe(readFileSync(goldenFile(name), "utf8"));
  });

  withHelm(`${helmOr}passes helm lint`, () => {
    const values = renderings[name].flatMap((file) => ["--values", file]);
    const { code, stdout } = run(helm, ["lint", "--strict", chartFolder, ...values]);
    expect(stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
    expect(code).toBe(0);
  });

  const conforms = kubeconform && existsSync(schemas);
  (conforms ? test : test.skip)(`${conforms ? "" : without("kubeconform")}is what Kubernetes' schemas allow`, () => {
    const location = join(schemas, "{{.ResourceKind}}{{.KindSuffix}}.json");
    // The operator's own kind has no schema there.
    const args = ["-strict", "-summary", "-skip", "ServiceMonitor", "-schema-location", location, goldenFile(name)];
    const { code, stdout } = run(kubeconform, args);
    expect(stdout).toMatch(/Invalid: 0, Errors: 0/);
    expect(code).toBe(0);
  });

  const dry = Boolean(kubectl && process.env.KUBECONFIG);
  (dry ? test : test.skip)(
    `${dry ? "" : "SKIPPED, KUBECONFIG names no cluster: "}is taken by the API server in a dry run`,
    () => {
      // The operator's own kind may be unknown, and a bare pod needs what only a whole cluster has: its namespace's account.
      const known = readGolden(name).filter(({ kind }) => !["ServiceMonitor", "Pod"].includes(kind));
      const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: known });
      const { stderr, stdout } = run(
        kubectl,
        ["create", "--dry-run=server", "--namespace", "default", "-f", "-"],
        list,
      );
      expect(stderr).toBe("");
      expect(stdout.trim().split("\n")).toHaveLength(known.length);
    },
    60_000,
  );
});

describe("values that cannot be", () => {
  (helm ? test : test.skip).each<[string, string, string]>([
    [
      "no public URL",
      'publicUrl: ""',
      "publicUrl is missing: the https:// URL that Twilio and people call the gateway by.",
    ],
    [
      "a required secret without a Secret",
      'secrets: { SECRETS_KEY: { existingSecret: "" } }',
      "secrets.SECRETS_KEY.existingSecret is missing: the name of the Secret that holds it.",
    ],
    [
      "a tenant file with a secret in it",
      "tenants: { file: 'tenants: [{ name: Clinic, twilio: { auth_token: x } }]' }",
      'tenants.file holds a secret of "Clinic": name a variable (…_env) and give it in tenants.existingSecret',
    ],
    ["a tenant file that is none", "tenants: { file: hello }", "tenants.file is no tenant file"],
    [
      "a tenant file without a token to apply it",
      'secrets: { BOOTSTRAP_ADMIN_TOKEN: { existingSecret: "" } }\ntenants: { file: "tenants: []" }',
      "secrets.BOOTSTRAP_ADMIN_TOKEN.existingSecret is missing: the tenant file is applied with it.",
    ],
    [
      "two Kafkas",
      'trial: { enabled: true }\nkafka: { brokers: ["k:9092"] }\ntenants: { file: "tenants: []" }',
      "kafka.brokers and trial.kafka.enabled are both given: keep one.",
    ],
    [
      "replicas the wrong way round",
      "services: { agent: { autoscaling: { enabled: true, minReplicas: 7 } } }",
      "services.agent.autoscaling: minReplicas is more than maxReplicas.",
    ],
    ["an unknown key", "replicaCount: 3", "additional properties 'replicaCount' not allowed"],
  ])(`${helmOr}%s: one clear sentence`, (_what, values, sentence) => {
    const { code, stderr } = renderWith(values);
    expect(code).not.toBe(0);
    expect(stderr).toContain(sentence);
  });
});

withHelm(`${helmOr}a storage class puts a trial's data on volumes and keeps its secrets`, () => {
  const { stdout } = renderWith("trial: { storageClassName: fast }", renderings.trial);
  const resources = readResources(stdout);
  expect(resources.filter(({ kind }) => kind === "StatefulSet").map(({ spec }) => spec)).toEqual(
    ["postgres", "kafka"].map(() =>
      expect.objectContaining({
        volumeClaimTemplates: [
          expect.objectContaining({ spec: expect.objectContaining({ storageClassName: "fast" }) }),
        ],
      }),
    ),
  );
  const generated = resources.find(({ metadata }) => metadata.name === "bookproof-generated");
  expect(generated?.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
});
