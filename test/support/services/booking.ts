import { readConfig } from "../../../services/booking/src/config.ts";
import { createDeps } from "../../../services/booking/src/deps.ts";
import { createServer } from "../../../services/booking/src/server.ts";

export const create = async (env: NodeJS.ProcessEnv) => createServer(await createDeps(readConfig(env)));
