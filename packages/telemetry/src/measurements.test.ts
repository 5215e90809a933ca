import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { metricsOf, readExpression } from "./test/read-promql.ts";

const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const dashboard = JSON.parse(file("deploy/observability/grafana-dashboard.json"));
const operations = file("docs/operations.md");

interface Shown {
  name: string;
  expr: string;
  legend?: string;
}
const targets: Shown[] = dashboard.panels.flatMap(({ title, targets = [] }: { title: string; targets?: [] }) =>
  targets.map(({ expr, legendFormat }) => ({ name: title, expr, legend: legendFormat })),
);
const alerts = file("deploy/observability/alert-rules.yaml")
  .replace(/^\s*#.*$/gm, "")
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((rule) => ({
    name: rule.slice(0, rule.indexOf("\n")),
    expr: /expr:(?: >-)?(.*?)^ {8}(?:for|labels):/ms.exec(rule)?.[1] ?? "",
    severity: /severity: (.*)/.exec(rule)?.[1],
    summary: /summary: (.*)/.exec(rule)?.[1],
    runbook: /runbook: (.*)/.exec(rule)?.[1],
  }));

/** What a scrape adds to each series, by the configuration in deploy/observability/README.md. */
const ofTarget = ["job", "instance", "service"];

let service: ChildProcess;
/** The labels of every metric that a service answers Prometheus with, by the metric's name. */
let exported: Map<string, Set<string>>;

beforeAll(async () => {
  const port = await freePort();
  const env = { ...process.env, NODE_OPTIONS: "", OTEL_EXPORTER_PROMETHEUS_PORT: String(port) };
  const script = new URL("./test/measure-everything.ts", import.meta.url).pathname;
  const register = new URL("./register.ts", import.meta.url).href;
  service = spawn(process.execPath, ["--import", register, script], { env, stdio: ["pipe", "ignore", "ignore"] });
  exported = await eventually(async () => {
    const metrics = metricsOf(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    // Both are there only once something has happened.
    return ["http_server_request_duration_count", "nodejs_eventloop_delay_p99"].every((name) => metrics.has(name))
      ? metrics
      : undefined;
  });
  exported.set("up", new Set());
}, 60_000);
afterAll(() => {
  service.stdin?.end();
});

describe.each([...targets, ...alerts] as Shown[])("$name", ({ expr, legend }) => {
  const { selectors, groupedBy } = readExpression(expr);

  test("asks for metrics that are exported, by labels that they have", () => {
    expect(selectors).not.toHaveLength(0);
    for (const { metric, labels } of selectors) {
      expect([...exported.keys()]).toContain(metric);
      expect([...(exported.get(metric) ?? []), ...ofTarget]).toEqual(expect.arrayContaining(labels));
    }
    const known = selectors.flatMap(({ metric }) => [...(exported.get(metric) ?? [])]);
    expect([...known, ...ofTarget]).toEqual(expect.arrayContaining(groupedBy));
  });

  test("names in its legend only what it is grouped by", () => {
    const named = [...(legend ?? "").matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(groupedBy).toEqual(expect.arrayContaining(named));
  });
});

test.each(alerts)("$name has a severity, one sentence, and its section in docs/operations.md", (alert) => {
  expect(["critical", "warning"]).toContain(alert.severity);
  expect(alert.summary).toMatch(/^["']?[A-Z{].*\.["']?$/);
  const anchor = alert.name.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  expect(alert.runbook).toBe(`docs/operations.md#${anchor}`);
  const headings = [...operations.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  expect(headings.map((heading) => heading.toLowerCase().replaceAll(" ", "-"))).toContain(anchor);
});

test("every measurement of ours is shown on the dashboard", () => {
  const shown = new Set(targets.flatMap(({ expr }) => readExpression(expr).selectors.map(({ metric }) => metric)));
  const families = [...exported.keys()].filter((name) => name.startsWith("bookproof_") && !/_(sum|bucket)$/.test(name));
  for (const name of families) expect([...shown]).toContainEqual(expect.stringContaining(name.replace(/_count$/, "")));
});

test("every log line that docs/operations.md names is one that the code writes", () => {
  const code = ["packages", "services", "launcher"].flatMap((folder) => sourcesIn(`${folder}/`)).join("\n");
  const markers = new Set(
    [...operations.matchAll(/\[([A-Z]+_[A-Z_]+|READY|CONFIG)\]/g)].map(([, marker = ""]) => marker),
  );
  expect(markers.size).toBeGreaterThan(10);
  // A step's marker is its stage: `[TRACE_CLAIM_BLOCKED]`.
  for (const marker of markers)
    expect(code).toMatch(new RegExp(`\\[${marker}\\]|"(TRACE_)?${marker.replace("TRACE_", "")}"`));
});

function sourcesIn(folder: string): string[] {
  const root = new URL(`../../../${folder}`, import.meta.url);
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  const sources = names.filter((name) => /\bsrc\b.*\.ts$/.test(name) && !/node_modules|gen\/|\.test\.ts$/.test(name));
  return sources.map((name) => file(folder + name));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 50_000;
  while (performance.now() < deadline) {
    const seen = await look().catch(() => undefined);
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("a service did not answer with its measurements");
}
