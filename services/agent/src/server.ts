import { type JobWorker, startJobWorker } from "@bookproof/postgres";
import { AgentServiceDefinition } from "@bookproof/proto/agent";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { agentJobs } from "./jobs/index.ts";
import { getSmsFlow } from "./rpc/get-sms-flow.ts";
import { receiveSms } from "./rpc/receive-sms.ts";
import { recordOutcome } from "./rpc/record-outcome.ts";
import { resolveConversation } from "./rpc/resolve-conversation.ts";

/** The agent service: its gRPC server and the worker that takes the turns. */
export function createServer(deps: Deps): RunningServer {
  const { config, logger } = deps;
  const server = createGrpcServer({
    definition: AgentServiceDefinition,
    logger,
    implementation: {
      receiveSms: receiveSms(deps),
      recordOutcome: recordOutcome(deps),
      resolveConversation: resolveConversation(deps),
      getSmsFlow: getSmsFlow(deps),
    },
  });
  let worker: JobWorker | undefined;
  return {
    async start() {
      worker = await startJobWorker({ url: config.databaseUrl, service: "agent", handlers: agentJobs(deps), logger });
      const port = await server.listen(config.listenAddr);
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      await server.stop();
      await worker?.stop();
      await deps.close();
    },
  };
}
