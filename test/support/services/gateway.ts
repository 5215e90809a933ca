import { readConfig } from "../../../services/gateway/src/config.ts";
import { createDeps } from "../../../services/gateway/src/deps.ts";
import { createServer } from "../../../services/gateway/src/server.ts";

export const create = async (env: NodeJS.ProcessEnv) => createServer(await createDeps(readConfig(env)));
