import { type JobWorker, startJobWorker } from "@bookproof/postgres";
import { AgentServiceDefinition } from "@bookproof/proto/agent";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { planFirstDeletion } from "./jobs/delete-old-traces.ts";
import { otherJobs, turnJobs } from "./jobs/index.ts";
import { checkAvailability } from "./rpc/check-availability.ts";
import { describeAssistant } from "./rpc/describe-assistant.ts";
import { diagnose } from "./rpc/diagnose.ts";
import { getSmsFlow } from "./rpc/get-sms-flow.ts";
import { getTestAlert } from "./rpc/get-test-alert.ts";
import { listMissingSms } from "./rpc/list-missing-sms.ts";
import { openTestAlert } from "./rpc/open-test-alert.ts";
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
    limits: config.inFlight,
    classes: {
      receiveSms: "prompt",
      recordOutcome: "prompt",
      resolveConversation: "prompt",
      traceRefusal: "prompt",
      verifyOtpCode: "confirm",
    },
    implementation: {
      receiveSms: receiveSms(deps),
      listMissingSms: listMissingSms(deps),
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
      diagnose: diagnose(deps),
      openTestAlert: openTestAlert(deps),
      getTestAlert: getTestAlert(deps),
    },
  });
  let workers: JobWorker[] = [];
  return {
    async start() {
      const workerOf = (handlers: ReturnType<typeof turnJobs>) =>
        startJobWorker({
          url: config.databaseUrl,
          service: "agent",
          handlers,
          logger,
          concurrency: config.jobsAtOnce,
          leaseMs: config.jobLeaseMs,
        });
      // At once: callers wait for the port, not for the queue.
      const [port, ...started] = await Promise.all([
        server.listen(config.listenAddr),
        workerOf(turnJobs(deps)),
        workerOf(otherJobs(deps)),
      ]);
      workers = started;
      void planFirstDeletion(deps);
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      await server.stop();
      await Promise.all(workers.map((worker) => worker.stop()));
      await deps.close();
    },
  };
}
