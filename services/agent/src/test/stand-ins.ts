import { BookproofError } from "@bookproof/errors";
import { attemptIdOf, deterministicUuid } from "@bookproof/postgres";
import {
  AttemptStatus,
  BookingServiceDefinition,
  type BookingServiceImplementation,
  type GetBookingProofResponse,
  type Opening,
  OtpSendStatus,
  OtpStatus,
  ProofStatus,
  type ReserveSlotRequest,
  type SendOtpRequest,
  type Tenant,
  type VerifyOtpRequest,
} from "@bookproof/proto/booking";
import {
  NotifierServiceDefinition,
  type NotifierServiceImplementation,
  type NotifyOwnerBookingFailureRequest,
  type SendConfirmationRequest,
  type SendHotLeadAlertRequest,
} from "@bookproof/proto/notifier";
import { createGrpcServer, type Logger } from "@bookproof/service";
import { currentCid } from "@bookproof/telemetry";

const notHere = async (): Promise<never> => {
  throw new BookproofError("internal", "This stand-in does not answer that call.");
};

/** What booking was asked, and how it answers; a test may change the answers. */
export interface BookingWorld {
  tenants: Tenant[];
  promptExtensions: Map<string, string>;
  openings: Opening[];
  unreadable: boolean;
  /** start (ISO) → caller that holds it. */
  heldBy: Map<string, string>;
  reserved: ReserveSlotRequest[];
  codesSent: SendOtpRequest[];
  code: string;
  /** Wrong tries by hold. */
  tries: Map<string, number>;
  verified: VerifyOtpRequest[];
  /** Answers nothing while set, as a booking that hangs. */
  hangs: boolean;
  confirmAs: AttemptStatus;
  proofs: Map<string, GetBookingProofResponse>;
  released: string[];
  cids: (string | undefined)[];
}

/** A gRPC server in booking's place, small enough to be read. */
export async function startBookingStandIn(logger: Logger, tenants: Tenant[]) {
  const world: BookingWorld = {
    tenants,
    promptExtensions: new Map(),
    openings: [],
    unreadable: false,
    heldBy: new Map(),
    reserved: [],
    codesSent: [],
    code: "1234",
    tries: new Map(),
    verified: [],
    hangs: false,
    confirmAs: AttemptStatus.ATTEMPT_STATUS_CONFIRMED,
    proofs: new Map(),
    released: [],
    cids: [],
  };
  const implementation = bookingImplementation(world);
  const server = createGrpcServer({ definition: BookingServiceDefinition, implementation, logger });
  return { address: `127.0.0.1:${await server.listen("127.0.0.1:0")}`, world, stop: server.stop };
}

function bookingImplementation(world: BookingWorld): BookingServiceImplementation {
  return {
    applyTenant: notHere,
    listTenants: notHere,
    claimSlot: notHere,
    confirmBooking: notHere,
    auditCalendars: notHere,
    listAppointments: notHere,
    claimMoveSlot: notHere,
    moveAppointment: notHere,
    cancelAppointment: notHere,
    listUpcomingAppointments: notHere,
    recordConfirmationSms: notHere,
    acknowledgeEvent: notHere,
    diagnose: notHere,
    async getTenant({ tenantId }) {
      const tenant = world.tenants.find(({ id }) => id === tenantId);
      if (!tenant) throw new BookproofError("tenant_not_found");
      return { tenant };
    },
    async listConnections({ afterId, limit }) {
      const connections = world.tenants.map(({ id, name, timeZone, phoneNumbers }) => ({
        tenantId: id,
        name,
        timeZone,
        phoneNumbers,
        vapi: { promptExtension: world.promptExtensions.get(id) ?? "" },
      }));
      const sorted = connections.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
      return { connections: sorted.filter(({ tenantId }) => tenantId > afterId).slice(0, limit) };
    },
    async findOpenings({ windows }) {
      const isIn = ({ start = new Date(0) }: Opening) =>
        windows.some(({ from, to }) => from && to && from <= start && start < to);
      const unreadable = world.unreadable ? [{ calendarId: "cal-smith", reason: "calendar_unreadable" }] : [];
      return { openings: world.unreadable ? [] : world.openings.filter(isIn), unreadable };
    },
    async reserveSlot(request) {
      world.reserved.push(request);
      world.cids.push(currentCid());
      const start = request.start?.toISOString() ?? "";
      if (!world.openings.some((opening) => opening.start?.toISOString() === start)) {
        throw new BookproofError("slot_not_open");
      }
      const key = `${request.tenantId} ${start}`;
      const holder = world.heldBy.get(key) ?? request.callId;
      if (holder !== request.callId) return { success: false, error: "Slot already held" };
      world.heldBy.set(key, holder);
      return {
        success: true,
        holdId: deterministicUuid("hold", request.tenantId, request.callId, start),
        expiresAt: new Date(Date.now() + 600_000),
        contactId: deterministicUuid("contact", request.customer?.phone ?? ""),
        calendarId: "cal-smith",
        offeringId: request.offeringId,
        offeringName: "Teeth Whitening",
        calendarName: "Dr. Smith",
      };
    },
    async sendOtp(request) {
      world.codesSent.push(request);
      return { status: OtpSendStatus.OTP_SEND_STATUS_SENT_BY_SMS };
    },
    async verifyOtp(request) {
      world.verified.push(request);
      if (world.hangs) await new Promise(() => undefined);
      if (request.code !== world.code) {
        // Its CONFIRM has begun: the code was good once.
        if (world.proofs.has(attemptIdOf(request.tenantId, request.holdId)))
          return { status: OtpStatus.OTP_STATUS_NO_LIVE_HOLD };
        const tries = (world.tries.get(request.holdId) ?? 0) + 1;
        world.tries.set(request.holdId, tries);
        return tries < 3
          ? { status: OtpStatus.OTP_STATUS_WRONG_CODE, retriesLeft: 3 - tries }
          : { status: OtpStatus.OTP_STATUS_NO_TRIES_LEFT };
      }
      const appointmentId = deterministicUuid("appointment", request.holdId);
      return {
        status: OtpStatus.OTP_STATUS_VERIFIED,
        booking: { status: world.confirmAs, appointmentId, reason: "calendar_failed_after_confirm" },
      };
    },
    async getBookingProof({ subject }) {
      const proof = world.proofs.get(subject?.value ?? "");
      if (!proof) throw new BookproofError("appointment_not_found");
      return proof;
    },
    async releaseHold({ holdId }) {
      world.released.push(holdId);
      return { released: true };
    },
  };
}

/** A gRPC server in the notifier's place that keeps what it is asked to send. */
export async function startNotifierStandIn(logger: Logger) {
  const world = {
    alerts: [] as NotifyOwnerBookingFailureRequest[],
    confirmations: [] as SendConfirmationRequest[],
    /** Why no confirmation is sent yet; "" where it is. */
    unconfirmedReason: "",
    hotLeads: [] as SendHotLeadAlertRequest[],
  };
  const implementation: NotifierServiceImplementation = {
    handleEvent: notHere,
    sendToCustomer: notHere,
    sendOneTimeCode: notHere,
    recordDelivery: notHere,
    recordOptOut: async () => ({}),
    resolveEscalations: notHere,
    diagnose: notHere,
    sendTestAlert: notHere,
    getTestAlert: notHere,
    async notifyOwnerBookingFailure(request) {
      world.alerts.push(request);
      return { escalationId: "escalation-1", created: true };
    },
    async sendConfirmation(request) {
      world.confirmations.push(request);
      const reason = world.unconfirmedReason;
      return reason
        ? { messageSent: false, messageId: "", reason }
        : { messageSent: true, messageId: "SM1234567890abc", reason };
    },
    async sendHotLeadAlert(request) {
      world.hotLeads.push(request);
      return { created: true };
    },
  };
  const server = createGrpcServer({ definition: NotifierServiceDefinition, implementation, logger });
  return { address: `127.0.0.1:${await server.listen("127.0.0.1:0")}`, world, stop: server.stop };
}

/** The proof of an appointment of this customer. */
export function provenFor(appointmentId: string, customerPhone: string): GetBookingProofResponse {
  return {
    status: ProofStatus.PROOF_STATUS_PROVEN,
    appointment: {
      appointmentId,
      start: new Date("2027-01-15T19:00:00Z"),
      end: new Date("2027-01-15T20:00:00Z"),
      offeringName: "Teeth Whitening",
      calendarId: "cal-smith",
      calendarName: "Dr. Smith",
      calendarEventId: "evt1",
      address: "",
      customerName: "John Smith",
      customerPhone,
      customerEmail: "",
      highValue: true,
      bookingSource: "phone_ai",
    },
  };
}
