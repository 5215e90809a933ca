import { z } from "zod";
import { type Container, podOf, type Rendering, type Resource, readGolden, renderingNames } from "./chart.ts";

export const services = ["gateway", "agent", "booking", "calendar", "notifier"];

const golden = Object.fromEntries(renderingNames.map((name) => [name, readGolden(name)]));

/** Everything that the chart makes for one kind of user. */
export const resources = (name: Rendering): Resource[] => golden[name] ?? [];

/** @throws Error where there is none */
export function find(name: Rendering, kind: string, component: string): Resource {
  const found = resources(name).find((it) => it.kind === kind && it.metadata.name === `bookproof-${component}`);
  if (!found) throw new Error(`the ${name} rendering has no ${kind} of ${component}`);
  return found;
}

export function containersOf(name: Rendering): { where: string; kind: string; container: Container }[] {
  return resources(name).flatMap((it) => {
    const { containers = [], initContainers = [] } = podOf(it) ?? {};
    return [...initContainers, ...containers].map((container) => ({
      where: `${it.kind} ${it.metadata.name}: ${container.name}`,
      kind: it.kind,
      container,
    }));
  });
}

/** The container of a service's Deployment. */
export function serviceContainer(name: Rendering, component: string): Container {
  const [container] = podOf(find(name, "Deployment", component))?.containers ?? [];
  if (!container) throw new Error(`${component} has no container`);
  return container;
}

const rule = z.object({
  ports: z.array(z.object({ port: z.number(), protocol: z.string().optional() })).optional(),
  from: z.array(z.looseObject({})).optional(),
  to: z.array(z.looseObject({ ipBlock: z.looseObject({ cidr: z.string() }).optional() })).optional(),
});
const rules = z.object({ ingress: z.array(rule).default([]), egress: z.array(rule).default([]) });

/** The rules of a NetworkPolicy. */
export const rulesOf = ({ spec }: Resource, direction: "ingress" | "egress") => rules.parse(spec)[direction];

/** The components that a component's NetworkPolicy names as peers. */
export function peersOf(name: Rendering, component: string, direction: "ingress" | "egress"): string[] {
  const text = JSON.stringify(rulesOf(find(name, "NetworkPolicy", component), direction));
  return [...text.matchAll(/"app\.kubernetes\.io\/component":"([a-z]+)"/g)].flatMap(([, peer]) => peer ?? []);
}
