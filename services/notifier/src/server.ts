import type { EventConsumer } from "@bookproof/events";
import { type JobWorker, startJobWorker } from "@bookproof/postgres";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { startConsumer } from "./events/start-consumer.ts";
import { alertJobs, otherJobs } from "./jobs/index.ts";
import { planFirstSweep } from "./jobs/sweep-inbound.ts";
import { diagnose } from "./rpc/diagnose.ts";
import { getTestAlert } from "./rpc/get-test-alert.ts";
import { handleEvent } from "./rpc/handle-event.ts";
import { notifyOwner } from "./rpc/notify-owner.ts";
import { recordDelivery } from "./rpc/record-delivery.ts";
import { recordOptOut } from "./rpc/record-opt-out.ts";
import { resolveEscalations } from "./rpc/resolve-escalations.ts";
import { sendConfirmation } from "./rpc/send-confirmation.ts";
import { sendHotLeadAlert } from "./rpc/send-hot-lead-alert.ts";
import { sendOneTimeCode } from "./rpc/send-one-time-code.ts";
import { sendTestAlert } from "./rpc/send-test-alert.ts";
import { sendToCustomer } from "./rpc/send-to-customer.ts";

/** The notifier: its gRPC server, its job worker and the tenants' connections. */
export function createServer(deps: Deps): RunningServer {
  const { config, logger } = deps;
  const stopping = new AbortController();
  const server = createGrpcServer({
    definition: NotifierServiceDefinition,
    logger,
    limits: config.inFlight,
    classes: {
      handleEvent: "prompt",
      notifyOwnerBookingFailure: "prompt",
      recordDelivery: "prompt",
      recordOptOut: "prompt",
      resolveEscalations: "prompt",
    },
    implementation: {
      handleEvent: handleEvent(deps),
      sendToCustomer: sendToCustomer(deps),
      sendOneTimeCode: sendOneTimeCode(deps),
      sendConfirmation: sendConfirmation(deps),
      sendHotLeadAlert: sendHotLeadAlert(deps),
      notifyOwnerBookingFailure: notifyOwner(deps, stopping.signal),
      recordDelivery: recordDelivery(deps),
      recordOptOut: recordOptOut(deps),
      resolveEscalations: resolveEscalations(deps),
      diagnose: diagnose(deps),
      sendTestAlert: sendTestAlert(deps),
      getTestAlert: getTestAlert(deps),
    },
  });
  let workers: JobWorker[] = [];
  let consumer: EventConsumer | undefined;
  return {
    async start() {
      deps.connections.start();
      const workerOf = (handlers: ReturnType<typeof otherJobs>, atOnce: number) =>
        startJobWorker({
          url: config.databaseUrl,
          service: "notifier",
          handlers,
          logger,
          concurrency: atOnce,
          leaseMs: config.jobLeaseMs,
        });
      // At once: callers wait for the port, not for the queue.
      const [port, ...started] = await Promise.all([
        server.listen(config.listenAddr),
        workerOf(alertJobs(deps), config.jobsAtOnce.alerts),
        workerOf(otherJobs(deps), config.jobsAtOnce.others),
      ]);
      workers = started;
      consumer = startConsumer(deps);
      void planFirstSweep(deps, stopping.signal);
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      stopping.abort();
      await Promise.all([consumer?.stop(), server.stop()]);
      await Promise.all(workers.map((worker) => worker.stop()));
      await deps.close();
    },
  };
}
