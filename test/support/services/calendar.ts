import { readConfig } from "../../../services/calendar/src/config.ts";
import { createDeps } from "../../../services/calendar/src/deps.ts";
import { createServer } from "../../../services/calendar/src/server.ts";

export const create = async (env: NodeJS.ProcessEnv) => createServer(await createDeps(readConfig(env)));
