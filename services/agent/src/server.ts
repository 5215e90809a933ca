import { type JobWorker, startJobWorker } from "@bookproof/postgres";
import { AgentServiceDefinition } from "@bookproof/proto/agent";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { agentJobs } from "./jobs/index.ts";
import { checkAvailability } from "./rpc/check-availability.ts";
import { describeAssistant } from "./rpc/describe-assistant.ts";
import { getSmsFlow } from "./rpc/get-sms-flow.ts";
import { receiveSms } from "./rpc/receive-sms.ts";
import { recordCallEnd } from "./rpc/record-call-end.ts";
import { recordOutcome } from "./rpc/record-outcome.ts";
import { reserveAtomic } from "./rpc/reserve-atomic.ts";
import { resolveConversation } from "./rpc/resolve-conversation.ts";
import { sendConfirmationSms } from "./rpc/send-confirmation-sms.ts";
import { sendOtpCode } from "./rpc/send-otp-code.ts";
import { traceRefusal } from "./rpc/trace-refusal.ts";
import { verifyOtpCode } from "./rpc/verify-otp-code.ts";

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
      checkAvailability: checkAvailability(deps),
      reserveAtomic: reserveAtomic(deps),
      sendOtpCode: sendOtpCode(deps),
      verifyOtpCode: verifyOtpCode(deps),
      sendConfirmationSms: sendConfirmationSms(deps),
      describeAssistant: describeAssistant(deps),
      recordCallEnd: recordCallEnd(deps),
      traceRefusal: traceRefusal(deps),
    },
  });
  let worker: JobWorker | undefined;
  return {
    async start() {
      // At once: callers wait for the port, not for the queue.
      const [port, started] = await Promise.all([
        server.listen(config.listenAddr),
        startJobWorker({
          url: config.databaseUrl,
          service: "agent",
          handlers: agentJobs(deps),
          logger,
          leaseMs: config.jobLeaseMs,
        }),
      ]);
      worker = started;
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      await server.stop();
      await worker?.stop();
      await deps.close();
    },
  };
}
