export { LauncherError } from "./launcher-error.ts";
export type { Addresses } from "./plan.ts";
export { type ServiceName, serviceNames } from "./service-names.ts";
export { type RunningService, startWorld, type World } from "./world.ts";
export type { WorldOptions } from "./world-options.ts";
