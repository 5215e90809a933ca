import { readFileSync } from "node:fs";
import type { SoakWorld } from "./soak-world.ts";

export const serviceNames = ["gateway", "agent", "booking", "calendar", "notifier"] as const;
type Name = (typeof serviceNames)[number];

/** In bytes: what is resident after garbage was collected, and what of the heap is alive. */
export type Memory = ReadonlyMap<Name, { resident: number; alive: number }>;

/** Resident memory of a service as it is, in bytes; 0 for one that is not running. */
export function residentMemory(world: SoakWorld, name: Name): number {
  const pid = world.service(name).pid();
  if (pid === undefined) return 0;
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes ?? 0) * 1_024;
}

/** The memory of each service without its garbage: how much of that a heap lets lie is chance. */
export async function readMemory(world: SoakWorld): Promise<Memory> {
  const memory = new Map<Name, { resident: number; alive: number }>();
  for (const name of serviceNames) {
    const alive = await world.inspectors.liveHeap(name);
    memory.set(name, { resident: residentMemory(world, name), alive });
  }
  return memory;
}
