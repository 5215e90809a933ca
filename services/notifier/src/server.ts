import { type JobWorker, startJobWorker } from "@bookproof/postgres";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { notifierJobs } from "./jobs/index.ts";
import { handleEvent } from "./rpc/handle-event.ts";
import { notifyOwner } from "./rpc/notify-owner.ts";
import { recordDelivery } from "./rpc/record-delivery.ts";
import { recordOptOut } from "./rpc/record-opt-out.ts";
import { resolveEscalations } from "./rpc/resolve-escalations.ts";
import { sendConfirmation } from "./rpc/send-confirmation.ts";
import { sendHotLeadAlert } from "./rpc/send-hot-lead-alert.ts";
import { sendOneTimeCode } from "./rpc/send-one-time-code.ts";
import { sendToCustomer } from "./rpc/send-to-customer.ts";

/** Texts that hang at Twilio for their whole time-out must leave room for the alerts. */
const concurrency = 30;

/** The notifier: its gRPC server, its job worker and the tenants' connections. */
export function createServer(deps: Deps): RunningServer {
  const { config, logger } = deps;
  const stopping = new AbortController();
  const server = createGrpcServer({
    definition: NotifierServiceDefinition,
    logger,
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
    },
  });
  let worker: JobWorker | undefined;
  return {
    async start() {
      deps.connections.start();
      const handlers = notifierJobs(deps);
      // At once: callers wait for the port, not for the queue.
      const [port, started] = await Promise.all([
        server.listen(config.listenAddr),
        startJobWorker({
          url: config.databaseUrl,
          service: "notifier",
          handlers,
          logger,
          concurrency,
          leaseMs: config.jobLeaseMs,
        }),
      ]);
      worker = started;
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      stopping.abort();
      await server.stop();
      await worker?.stop();
      await deps.close();
    },
  };
}
