import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { podOf, renderingNames } from "./chart.ts";
import { find, resources, serviceContainer, services } from "./golden.ts";

describe.each(renderingNames)("in the %s rendering", (name) => {
  test("a service stops after it is no longer called, and has longer than its 15 s", () => {
    for (const component of services) {
      const lifecycle = z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) });
      const { seconds } = lifecycle.parse(serviceContainer(name, component).lifecycle).preStop.sleep;
      const grace = podOf(find(name, "Deployment", component))?.terminationGracePeriodSeconds ?? 0;
      expect(grace).toBeGreaterThan(seconds + 15);
      expect(find(name, "Deployment", component).spec).toMatchObject({
        strategy: { rollingUpdate: { maxUnavailable: 0 } },
      });
    }
  });

  test("a migration that fails stops an upgrade before anything is changed", () => {
    expect(find(name, "Job", "migrate").metadata.annotations["helm.sh/hook"]).toBe(
      name === "trial" ? "post-install,pre-upgrade" : "pre-install,pre-upgrade",
    );
  });

  test("each service has a disruption budget", () => {
    for (const component of services)
      expect(find(name, "PodDisruptionBudget", component).spec).toMatchObject({
        maxUnavailable: 1,
        selector: { matchLabels: { "app.kubernetes.io/component": component } },
      });
  });
});

test("autoscaling is on where it is asked for, and then nobody else says how many replicas there are", () => {
  for (const component of services) {
    const { spec } = find("production", "HorizontalPodAutoscaler", component);
    expect(spec).toMatchObject({
      scaleTargetRef: { kind: "Deployment", name: `bookproof-${component}` },
      minReplicas: component === "gateway" ? 3 : 2,
    });
    expect(find("production", "Deployment", component).spec).not.toHaveProperty("replicas");
    expect(find("default", "Deployment", component).spec).toHaveProperty("replicas", 2);
  }
  expect(resources("default").some(({ kind }) => kind === "HorizontalPodAutoscaler")).toBe(false);
});

test("no replica shares a node where another is free, unless the values say how to place it", () => {
  const pod = (component: string) => podOf(find("production", "Deployment", component));
  expect(pod("agent")?.topologySpreadConstraints).toHaveLength(2);
  expect(pod("agent")).not.toHaveProperty("affinity");
  expect(pod("notifier")).toHaveProperty("affinity.podAntiAffinity");
  expect(pod("notifier")).not.toHaveProperty("topologySpreadConstraints");
});

test("a trial's pods with data do not change with the chart's version", () => {
  for (const server of ["postgres", "kafka"]) {
    const { spec } = find("trial", "StatefulSet", server);
    expect(JSON.stringify(spec)).not.toMatch(/helm\.sh\/chart|app\.kubernetes\.io\/version/);
  }
});
