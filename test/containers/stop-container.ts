import type { StartedTestContainer } from "testcontainers";
import type { Engine } from "./engine.ts";

/** Kubernetes' own grace, in milliseconds. */
const graceMs = 30_000;

/**
 * Ends a container with SIGTERM, by force after the grace, and removes it.
 * @returns its exit code, 137 where force was needed, and how long it took
 */
export async function stopContainer(
  engine: Engine,
  container: StartedTestContainer | undefined,
): Promise<{ code: number; afterMs: number }> {
  if (container === undefined) throw new Error("there is no such container");
  const began = performance.now();
  await container.stop({ timeout: graceMs, remove: false });
  const afterMs = performance.now() - began;
  const stopped = engine.client.container.getById(container.getId());
  const { State } = await stopped.inspect();
  await stopped.remove({ v: true });
  return { code: State.ExitCode, afterMs };
}
