import { type JobWorker, startJobWorker } from "@bookproof/postgres";
import { BookingServiceDefinition } from "@bookproof/proto/booking";
import { createGrpcServer, type RunningServer } from "@bookproof/service";
import type { Deps } from "./deps.ts";
import { watchCalendars } from "./drift/watch-calendars.ts";
import { bookingJobs } from "./jobs/index.ts";
import { acknowledgeEvent } from "./rpc/acknowledge-event.ts";
import { applyTenant } from "./rpc/apply-tenant.ts";
import { auditCalendars } from "./rpc/audit-calendars.ts";
import { cancelAppointment } from "./rpc/cancel-appointment.ts";
import { claimMoveSlot } from "./rpc/claim-move-slot.ts";
import { claimSlot } from "./rpc/claim-slot.ts";
import { confirmBooking } from "./rpc/confirm-booking.ts";
import { diagnose } from "./rpc/diagnose.ts";
import { findOpenings } from "./rpc/find-openings.ts";
import { getBookingProof } from "./rpc/get-booking-proof.ts";
import { getTenant } from "./rpc/get-tenant.ts";
import { listAppointments } from "./rpc/list-appointments.ts";
import { listConnections } from "./rpc/list-connections.ts";
import { listTenants } from "./rpc/list-tenants.ts";
import { listUpcomingAppointments } from "./rpc/list-upcoming-appointments.ts";
import { moveAppointment } from "./rpc/move-appointment.ts";
import { recordConfirmationSms } from "./rpc/record-confirmation-sms.ts";
import { releaseHold } from "./rpc/release-hold.ts";
import { reserveSlot } from "./rpc/reserve-slot.ts";
import { sendOtp } from "./rpc/send-otp.ts";
import { verifyOtp } from "./rpc/verify-otp.ts";

/** The booking service: its gRPC server and its job worker. */
export function createServer(deps: Deps): RunningServer {
  const { config, logger } = deps;
  const server = createGrpcServer({
    definition: BookingServiceDefinition,
    logger,
    limits: config.inFlight,
    classes: {
      acknowledgeEvent: "prompt",
      getBookingProof: "prompt",
      getTenant: "prompt",
      listConnections: "prompt",
      recordConfirmationSms: "prompt",
      confirmBooking: "confirm",
      moveAppointment: "confirm",
      cancelAppointment: "confirm",
      verifyOtp: "confirm",
    },
    implementation: {
      applyTenant: applyTenant(deps),
      listTenants: listTenants(deps),
      listConnections: listConnections(deps),
      getTenant: getTenant(deps),
      findOpenings: findOpenings(deps),
      claimSlot: claimSlot(deps),
      releaseHold: releaseHold(deps),
      confirmBooking: confirmBooking(deps),
      claimMoveSlot: claimMoveSlot(deps),
      moveAppointment: moveAppointment(deps),
      cancelAppointment: cancelAppointment(deps),
      getBookingProof: getBookingProof(deps),
      reserveSlot: reserveSlot(deps),
      sendOtp: sendOtp(deps),
      verifyOtp: verifyOtp(deps),
      listAppointments: listAppointments(deps),
      listUpcomingAppointments: listUpcomingAppointments(deps),
      recordConfirmationSms: recordConfirmationSms(deps),
      acknowledgeEvent: acknowledgeEvent(deps),
      auditCalendars: auditCalendars(deps),
      diagnose: diagnose(deps),
    },
  });
  let worker: JobWorker | undefined;
  const stopping = new AbortController();
  let watching: Promise<void> | undefined;
  return {
    async start() {
      // At once: callers wait for the port, not for the queue.
      const [port, started] = await Promise.all([
        server.listen(config.listenAddr),
        startJobWorker({
          url: config.databaseUrl,
          service: "booking",
          handlers: bookingJobs(deps),
          logger,
          concurrency: config.jobsAtOnce,
          leaseMs: config.jobLeaseMs,
        }),
      ]);
      worker = started;
      watching = watchCalendars(deps, stopping.signal);
      return config.listenAddr.replace(/:\d+$/, `:${port}`);
    },
    async stop() {
      stopping.abort();
      await server.stop();
      await watching;
      await worker?.stop();
      await deps.close();
    },
  };
}
