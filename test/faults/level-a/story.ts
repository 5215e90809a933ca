import type { VapiExchange } from "@bookproof/simulators";
import type { Plan } from "./plan.ts";
import type { SeedTenant } from "./tenant-of-seed.ts";
import type { World } from "./world.ts";

/** What a scenario plays in, and what it tells the run. */
export interface Story {
  world: World;
  plan: Plan;
  tenant: SeedTenant;
  /** Said right before the first CONFIRM: from now on the faults of that phase may strike. */
  confirming(): void;
  /** A step that was really taken; keys of the coverage among them. */
  note(what: string): void;
  /** Something that contradicts what must hold, seen by the scenario itself. */
  violation(what: string): void;
  voice: VapiExchange[];
}
