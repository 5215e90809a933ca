import { fileURLToPath } from "node:url";
import type { StartedNetwork } from "testcontainers";
import type { Engine } from "./engine.ts";
import { LockedContainer } from "./locked-container.ts";

const tenantsFile = fileURLToPath(new URL("../demo/tenants.yaml", import.meta.url));

/**
 * Runs the operator's command to its end, in the image `tools`. The demo's tenant file is at `/tenants.yaml`.
 * @returns what it printed, errors included
 */
export async function runTools(
  engine: Engine,
  network: StartedNetwork,
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number; output: string }> {
  const container = await new LockedContainer(engine.image("tools"))
    .withNetwork(network)
    .withEnvironment(env)
    .withBindMounts([{ source: tenantsFile, target: "/tenants.yaml", mode: "ro" }])
    .withCommand(args)
    .withAutoRemove(false)
    .start();
  try {
    const { StatusCode: code } = await engine.client.container.getById(container.getId()).wait();
    const chunks: string[] = [];
    for await (const chunk of await container.logs()) chunks.push(String(chunk));
    return { code, output: chunks.join("") };
  } finally {
    await container.stop({ remove: true });
  }
}
