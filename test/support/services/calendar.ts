import { type Config, readConfig } from "../../../services/calendar/src/config.ts";
import { createDeps, type Deps } from "../../../services/calendar/src/deps.ts";
import { createServer } from "../../../services/calendar/src/server.ts";

/** The real service. A test may change its times and limits, and watch what it calls. */
export const create = async (
  env: NodeJS.ProcessEnv,
  adjust: (config: Config) => Config = (config) => config,
  watch: (deps: Deps) => void = () => undefined,
) => {
  const deps = await createDeps(adjust(readConfig(env)));
  watch(deps);
  return createServer(deps);
};
