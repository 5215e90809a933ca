import { readGoogleConfig } from "./config.ts";
import { startGoogleSimulator } from "./google/start-google-simulator.ts";
import { runSimulator } from "./run-simulator.ts";

await runSimulator("google", async () => {
  const { simulator, exitWithParent } = readGoogleConfig();
  return { ...(await startGoogleSimulator(simulator)), exitWithParent };
});
