import { isPortFree } from "@bookproof/local-postgres";
import { LauncherError } from "./launcher-error.ts";

/** @throws LauncherError when somebody listens on it */
export async function assertFree(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new LauncherError(`GATEWAY_PORT ${port} is taken or not allowed: stop what listens there, or choose another.`);
}
