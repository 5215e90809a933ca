import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { z } from "zod";
import { chartFolder, readYaml, renderingNames, renderings } from "./chart.ts";

type Values = Record<string, unknown>;
const isValues = (it: unknown): it is Values => typeof it === "object" && it !== null && !Array.isArray(it);

/** As helm does it: blocks are merged, anything else is replaced. */
function merge(base: Values, over: Values): Values {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isValues(below) && isValues(value) ? merge(below, value) : value;
  }
  return merged;
}

const values = z.record(z.string(), z.unknown());
const defaults = values.parse(readYaml(join(chartFolder, "values.yaml")));
const schema: unknown = JSON.parse(readFileSync(join(chartFolder, "values.schema.json"), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(values.parse(schema));

/** Where the values are wrong, e.g. `/services/agent/replicas must be integer`. */
function errorsOf(over: Values): string[] {
  validate(merge(defaults, over));
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, params.additionalProperty].filter(Boolean).join(" "),
  );
}

test("the values that the chart comes with are allowed", () => {
  expect(errorsOf({})).toEqual([]);
  for (const name of renderingNames)
    expect(errorsOf(renderings[name].map((file) => values.parse(readYaml(file))).reduce(merge, {}))).toEqual([]);
});

describe("a wrong value is refused, and its place is named", () => {
  const service = (agent: Values) => ({ services: { agent } });
  test.each<[Values, string]>([
    [{ replicaCount: 2 }, "must NOT have additional properties replicaCount"],
    [service({ replica: 2 }), "/services/agent must NOT have additional properties replica"],
    [service({ replicas: "two" }), "/services/agent/replicas must be integer"],
    [service({ replicas: 0 }), "/services/agent/replicas must be >= 1"],
    [service({ calls: ["gateway"] }), "/services/agent/calls/0 must be equal to one of the allowed values"],
    [service({ secrets: ["PASSWORD"] }), "/services/agent/secrets/0 must be equal to one of the allowed values"],
    [
      service({ resources: { limits: { memory: null } } }),
      "/services/agent/resources/limits/memory must match a schema in anyOf",
    ],
    [
      service({ autoscaling: { targetCpuPercent: 700 } }),
      "/services/agent/autoscaling/targetCpuPercent must be <= 100",
    ],
    [{ services: { worker: {} } }, "/services must NOT have additional properties worker"],
    [{ image: { tag: "latest" } }, "/image/tag must NOT be valid"],
    [{ publicUrl: "bookproof.example.com" }, "/publicUrl must match pattern"],
    [{ logLevel: "verbose" }, "/logLevel must be equal to one of the allowed values"],
    [{ ownerPhone: "555-0100" }, "/ownerPhone must match pattern"],
    [{ kafka: { brokers: ["kafka"] } }, "/kafka/brokers/0 must match pattern"],
    [{ secrets: { DATABASE_URL: "postgres://u:p@db/x" } }, "/secrets/DATABASE_URL must be object"],
    [
      { secrets: { SECRETS_KEY: { existingSecret: "My Secret" } } },
      "/secrets/SECRETS_KEY/existingSecret must match pattern",
    ],
    [{ otlp: { protocol: "udp" } }, "/otlp/protocol must be equal to one of the allowed values"],
    [{ runAsUser: 0 }, "/runAsUser must be >= 1"],
    [{ extraEnv: [{ value: "x" }] }, "/extraEnv/0 must have required property 'name'"],
    [{ trial: { postgres: { image: "postgres" } } }, "/trial/postgres/image must match pattern"],
  ])("%j", (over, error) => {
    expect(errorsOf(over).join("\n")).toContain(error);
  });
});

test("the trial's tenants are those of the example", () => {
  const example = readFileSync(fileURLToPath(new URL("../../tenants.example.yaml", import.meta.url)), "utf8");
  const trial = z
    .object({ tenants: z.object({ file: z.string() }) })
    .parse(readYaml(join(chartFolder, "values-trial.yaml")));
  expect(trial.tenants.file).toBe(example);
});
