import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { podOf, renderingNames } from "./chart.ts";
import { find, peersOf, resources, rulesOf, serviceContainer, services } from "./golden.ts";

/** docs/architecture.md, "Who calls whom". */
const calls: Record<string, string[]> = {
  gateway: ["agent", "booking", "calendar", "notifier"],
  agent: ["booking", "calendar", "notifier"],
  booking: ["calendar", "notifier", "agent"],
  calendar: [],
  notifier: ["booking", "agent"],
};

describe.each(renderingNames)("in the %s rendering", (name) => {
  test("each service is told who it calls, and may reach those and nobody else", () => {
    for (const component of services) {
      const told = serviceContainer(name, component)
        .env.filter((it) => /^(AGENT|BOOKING|CALENDAR|NOTIFIER)_ADDR$/.test(it.name))
        .map((it) => it.value);
      const expected = (calls[component] ?? []).map((callee) => `bookproof-${callee}:50051`);
      expect([component, ...told.sort()]).toEqual([component, ...expected.sort()]);
      const reached = peersOf(name, component, "egress").filter((peer) => services.includes(peer));
      expect([component, ...reached.sort()]).toEqual([component, ...[...(calls[component] ?? [])].sort()]);
      const callers = services.filter((caller) => calls[caller]?.includes(component));
      const admitted = peersOf(name, component, "ingress").filter((peer) => services.includes(peer));
      expect([component, ...admitted.sort()]).toEqual([component, ...callers.sort()]);
    }
  });

  test("only the gateway is reachable: by default nothing is, and no address is given out", () => {
    expect(find(name, "NetworkPolicy", "default-deny").spec).toEqual({
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": "bookproof", "app.kubernetes.io/instance": "bookproof" },
      },
      policyTypes: ["Ingress", "Egress"],
    });
    for (const it of resources(name)) {
      const { kind, metadata, spec } = it;
      if (kind === "Service") {
        const { type, clusterIP } = z
          .looseObject({ type: z.string().optional(), clusterIP: z.string().optional() })
          .parse(spec);
        expect(["ClusterIP", undefined]).toContain(type);
        if (!/gateway|sandbox/.test(metadata.name)) expect(clusterIP).toBe("None");
      }
      if (kind === "Ingress") expect(JSON.stringify(spec)).not.toMatch(/bookproof-(?!gateway|tls)/);
      if (kind !== "NetworkPolicy" || metadata.name === "bookproof-gateway") continue;
      for (const rule of rulesOf(it, "ingress"))
        expect([metadata.name, rule.from?.length ?? 0]).not.toEqual([metadata.name, 0]);
    }
    for (const it of resources(name))
      expect(JSON.stringify(podOf(it) ?? {})).not.toMatch(/hostPort|hostNetwork|hostPath/);
  });

  test("the internet is for those who call Google, Twilio or OpenAI", () => {
    const withInternet = services.filter((component) =>
      rulesOf(find(name, "NetworkPolicy", component), "egress").some(({ to }) =>
        to?.some(({ ipBlock }) => ipBlock?.cidr === "0.0.0.0/0"),
      ),
    );
    expect(withInternet).toEqual(name === "production" ? ["agent", "calendar", "notifier"] : ["calendar", "notifier"]);
  });
});
