import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Focus } from "./make-plan.ts";
import type { SeedResult } from "./run-seed.ts";
import type { SeedRange } from "./run-seeds.ts";

/** The seeds of one process. */
export interface Share {
  serverUrl: string;
  range: SeedRange;
  worlds: number;
  focus: Focus;
}

const player = fileURLToPath(new URL("./play-seeds.ts", import.meta.url));

/** Like `runSeeds`, with the seeds dealt out to several processes over one Postgres: a process uses one core. */
export async function runSeedsInProcesses(
  processes: number,
  { serverUrl, range, worlds, focus, take }: Share & { take: (result: SeedResult) => boolean },
): Promise<void> {
  const children = Array.from({ length: processes }, (_, place) => {
    const share: Share = {
      ...{ serverUrl, focus },
      worlds: Math.ceil(worlds / processes),
      range: {
        first: range.first + place * range.step,
        step: range.step * processes,
        count: Math.ceil((range.count - place) / processes),
      },
    };
    return fork(player, [JSON.stringify(share)]);
  });
  for (const child of children)
    child.on("message", (result) => {
      if (!take(result as SeedResult)) for (const other of children) if (other.connected) other.send("stop");
    });
  const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
  if (codes.some((code) => code !== 0)) throw new Error(`a process of the run ended with ${codes.join(" and ")}`);
}
