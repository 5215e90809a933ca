import { runSimulator } from "./run-simulator.ts";
import { readTracesConfig } from "./traces/read-config.ts";
import { startTraceBackend } from "./traces/start-trace-backend.ts";

await runSimulator("traces", async () => {
  const { backend, exitWithParent } = readTracesConfig();
  return { ...(await startTraceBackend(backend)), exitWithParent };
});
