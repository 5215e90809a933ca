import { readTwilioConfig } from "./config.ts";
import { runSimulator } from "./run-simulator.ts";
import { startTwilioSimulator } from "./twilio/start-twilio-simulator.ts";

await runSimulator("twilio", async () => {
  const { simulator, exitWithParent } = readTwilioConfig();
  return { ...(await startTwilioSimulator(simulator)), exitWithParent };
});
