import { parseArgs } from "node:util";
import { serverUrlVariable, startTestServer } from "@bookproof/testing";
import { checkStore } from "./check-store.ts";
import { startStoreWorld } from "./store-world.ts";

/** `node test/faults/level-b/main.ts --runs N --seed S`: the model-based test of the booking store, as long as is wanted. */
const { values } = parseArgs({ options: { runs: { type: "string", default: "500" }, seed: { type: "string" } } });
const runs = Number(values.runs);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
console.log(`level B: ${runs} runs, seed ${seed}`);
const server = await startTestServer();
process.env[serverUrlVariable] = server.url;
const world = await startStoreWorld();
try {
  const answers = await checkStore(world, { runs, seed, timeLimitMs: 2 ** 31 - 1 });
  for (const [answer, times] of [...answers].sort()) console.log(`  ${answer}: ${times}`);
  console.log("no violation");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await world.close();
  await server.stop();
}
