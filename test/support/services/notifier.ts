import { readConfig } from "../../../services/notifier/src/config.ts";
import { createDeps } from "../../../services/notifier/src/deps.ts";
import { createServer } from "../../../services/notifier/src/server.ts";

export const create = async (env: NodeJS.ProcessEnv) => createServer(await createDeps(readConfig(env)));
