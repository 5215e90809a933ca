import { readConfig } from "../../../services/agent/src/config.ts";
import { createDeps } from "../../../services/agent/src/deps.ts";
import { createServer } from "../../../services/agent/src/server.ts";

export const create = async (env: NodeJS.ProcessEnv) => createServer(await createDeps(readConfig(env)));
