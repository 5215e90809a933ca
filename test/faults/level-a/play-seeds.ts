import type { Share } from "./in-processes.ts";
import { runSeeds } from "./run-seeds.ts";

/** One process of several: plays its share of the seeds, and tells its parent of each. */
const share = JSON.parse(process.argv[2] ?? "") as Share;
let goOn = true;
let told = Promise.resolve();
process.on("message", () => {
  goOn = false;
});
await runSeeds({
  ...share,
  take(result) {
    told = new Promise((resolve) => {
      process.send?.(result, undefined, undefined, () => resolve());
    });
    return goOn;
  },
});
await told;
// What killed instances left behind in this process must not keep it.
process.exit(0);
