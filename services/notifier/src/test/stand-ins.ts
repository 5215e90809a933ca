import { BookproofError } from "@bookproof/errors";
import {
  AgentServiceDefinition,
  type AgentServiceImplementation,
  type ReceiveSmsRequest,
  type RecordOutcomeRequest,
  SmsDisposition,
} from "@bookproof/proto/agent";
import {
  BookingServiceDefinition,
  type BookingServiceImplementation,
  type GetBookingProofResponse,
  type RecordConfirmationSmsRequest,
  type TenantConnection,
} from "@bookproof/proto/booking";
import { createGrpcServer, type Logger } from "@bookproof/service";

const notHere = async (): Promise<never> => {
  throw new BookproofError("internal", "This stand-in does not answer that call.");
};

/** A gRPC server in booking's place: connections, proofs by appointment or attempt, and the confirmations it is told of. An unknown appointment is no appointment. */
export async function startBookingStandIn(logger: Logger, connections: TenantConnection[]) {
  const proofs = new Map<string, GetBookingProofResponse>();
  const confirmations: RecordConfirmationSmsRequest[] = [];
  const implementation: BookingServiceImplementation = {
    applyTenant: notHere,
    listTenants: notHere,
    getTenant: notHere,
    findOpenings: notHere,
    claimSlot: notHere,
    releaseHold: notHere,
    confirmBooking: notHere,
    auditCalendars: notHere,
    listAppointments: notHere,
    claimMoveSlot: notHere,
    moveAppointment: notHere,
    cancelAppointment: notHere,
    reserveSlot: notHere,
    sendOtp: notHere,
    acknowledgeEvent: notHere,
    diagnose: notHere,
    verifyOtp: notHere,
    listUpcomingAppointments: notHere,
    listConnections: async ({ afterId }) => ({ connections: afterId ? [] : connections }),
    async getBookingProof({ subject }) {
      const proof = proofs.get(subject?.value ?? "");
      if (!proof) throw new BookproofError("appointment_not_found");
      return proof;
    },
    async recordConfirmationSms(request) {
      confirmations.push(request);
      return { recorded: true };
    },
  };
  const server = createGrpcServer({ definition: BookingServiceDefinition, implementation, logger });
  return { address: `127.0.0.1:${await server.listen("127.0.0.1:0")}`, proofs, confirmations, stop: server.stop };
}

/** A gRPC server in the agent's place that keeps the outcomes it is told; it refuses them while `isDown`. */
export async function startAgentStandIn(logger: Logger) {
  const outcomes: RecordOutcomeRequest[] = [];
  /** Texts that were taken in, by MessageSid. */
  const taken = new Map<string, ReceiveSmsRequest>();
  const state = { isDown: false };
  const implementation: AgentServiceImplementation = {
    async receiveSms(request) {
      if (state.isDown) throw new BookproofError("unavailable");
      taken.set(request.messageSid, request);
      return {
        disposition: SmsDisposition.SMS_DISPOSITION_ACCEPTED,
        conversationId: conversationOf(request),
        cid: `cid of ${request.messageSid}`,
      };
    },
    async listMissingSms({ messageSids }) {
      if (state.isDown) throw new BookproofError("unavailable");
      return { messageSids: messageSids.filter((sid) => !taken.has(sid)) };
    },
    resolveConversation: notHere,
    checkAvailability: notHere,
    reserveAtomic: notHere,
    sendOtpCode: notHere,
    verifyOtpCode: notHere,
    sendConfirmationSms: notHere,
    describeAssistant: notHere,
    recordCallEnd: notHere,
    traceRefusal: notHere,
    getSmsFlow: notHere,
    diagnose: notHere,
    openTestAlert: notHere,
    getTestAlert: notHere,
    async recordOutcome(request) {
      if (state.isDown) throw new BookproofError("unavailable");
      outcomes.push(request);
      return { recorded: true };
    },
  };
  const server = createGrpcServer({ definition: AgentServiceDefinition, implementation, logger });
  return { address: `127.0.0.1:${await server.listen("127.0.0.1:0")}`, outcomes, taken, state, stop: server.stop };
}

const conversationOf = ({ from, to }: ReceiveSmsRequest) => `conversation of ${from} and ${to}`;
