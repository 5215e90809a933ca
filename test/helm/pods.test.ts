import { describe, expect, test } from "@jest/globals";
import { podOf, renderingNames } from "./chart.ts";
import { containersOf, resources, serviceContainer, services } from "./golden.ts";

describe.each(renderingNames)("in the %s rendering", (name) => {
  test("every container is no root, writes nowhere but on its volumes, may nothing, and has its limits", () => {
    for (const { where, container } of containersOf(name)) {
      expect({ where, ...container.securityContext }).toEqual({
        where,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      const { requests, limits } = container.resources ?? {};
      expect([where, requests?.cpu, requests?.memory, limits?.memory]).toEqual([
        where,
        expect.any(String),
        expect.any(String),
        expect.any(String),
      ]);
    }
    for (const it of resources(name)) {
      const pod = podOf(it);
      if (!pod) continue;
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: expect.any(Number),
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(pod.securityContext?.runAsUser).not.toBe(0);
      expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    }
  });

  test("every image has a tag, and none is latest", () => {
    for (const { container } of containersOf(name)) expect(container.image).toMatch(/:(?!latest$)[\w.-]+$/);
  });

  test("whatever goes on running is probed", () => {
    const running = containersOf(name).filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
    expect(running.length).toBeGreaterThanOrEqual(services.length);
    for (const { where, container } of running)
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const)
        expect([where, probe, container[probe]]).toEqual([where, probe, expect.any(Object)]);
  });

  test("the gateway is probed by /livez alone, the others by gRPC's health", () => {
    const { startupProbe, readinessProbe, livenessProbe } = serviceContainer(name, "gateway");
    for (const probe of [startupProbe, readinessProbe, livenessProbe])
      expect(probe).toMatchObject({ httpGet: { path: "/livez" } });
    for (const component of services.slice(1))
      expect(serviceContainer(name, component).readinessProbe).toMatchObject({ grpc: { port: 50051 } });
  });

  test("no Secret's value stands anywhere else, and what is secret is told by reference", () => {
    const secret = /_(URL|KEY|TOKEN|SECRET|PASSWORD|HEADERS)$|ACCOUNTS$/;
    const open = new Set(["PUBLIC_URL", "TWILIO_BASE_URL", "GATEWAY_URL", "TWILIO_SIM_WEBHOOK_URL"]);
    for (const { where, container } of containersOf(name))
      for (const { name: variable, value } of container.env)
        if (secret.test(variable) && !open.has(variable))
          expect([where, variable, value]).toEqual([where, variable, undefined]);
    const secrets = resources(name).filter(({ kind }) => kind === "Secret");
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(
      name === "trial" ? ["bookproof-generated", "bookproof-tenant-secrets"] : [],
    );
    expect(JSON.stringify(resources(name))).not.toMatch(/postgres:\/\/[^:"]+:[^@"]+@/);
  });
});
