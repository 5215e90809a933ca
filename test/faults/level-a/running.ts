import { AsyncLocalStorage } from "node:async_hooks";
import type { ServiceName } from "./services.ts";
import type { Wires } from "./wires.ts";

/** A process's worth of a service, as whatever runs in it knows it. */
export interface Running {
  readonly service: ServiceName;
  /** Of its world, by which that is known. */
  readonly wires: Wires;
  isDead(): boolean;
}

/** The instance whose code runs at this moment, if any: connections are its own, and errors that nobody caught. */
export const running = new AsyncLocalStorage<Running>();
