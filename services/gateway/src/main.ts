import { runService } from "@bookproof/service";
import { readConfig } from "./config.ts";
import { createDeps } from "./deps.ts";
import { createServer } from "./server.ts";

await runService("gateway", async (env) => createServer(createDeps(readConfig(env))));
