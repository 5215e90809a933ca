import type { Share } from "./in-processes.ts";
import { runSeeds } from "./run-seeds.ts";

/** One process of several: plays its share of the seeds, and tells its parent of each. */
const share = JSON.parse(process.argv[2] ?? "") as Share;
let goOn = true;
process.on("message", () => {
  goOn = false;
});
await runSeeds({
  ...share,
  take(result) {
    process.send?.(result);
    return goOn;
  },
});
process.disconnect();
