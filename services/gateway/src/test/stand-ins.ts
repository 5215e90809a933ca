import { BookproofError } from "@bookproof/errors";
import {
  AgentServiceDefinition,
  type GetSmsFlowRequest,
  type GetSmsFlowResponse,
  type ReceiveSmsRequest,
  SmsDisposition,
} from "@bookproof/proto/agent";
import {
  type ApplyTenantRequest,
  BookingServiceDefinition,
  type Tenant,
  type TenantConnection,
} from "@bookproof/proto/booking";
import {
  NotifierServiceDefinition,
  type NotifyOwnerBookingFailureRequest,
  type RecordDeliveryRequest,
} from "@bookproof/proto/notifier";
import { createGrpcServer, type GrpcServer, type Logger } from "@bookproof/service";
import { currentCid } from "@bookproof/telemetry";
import { createVoice, type Voice, voiceRpcs } from "./voice-stand-in.ts";

export const knownCid = "5d1f6c1e-6f0c-4c3b-9d3e-2f1f5f0a7c11";

/** What the services behind the gateway were asked, and what they answer; a test may change the answers. */
export interface World {
  connections: TenantConnection[];
  received: ReceiveSmsRequest[];
  cidsSeen: (string | undefined)[];
  flowQueries: GetSmsFlowRequest[];
  /** Keyed by cid or phone. */
  flows: Map<string, GetSmsFlowResponse>;
  /** cid → tenant of conversations that wait for a human. */
  waiting: Map<string, string>;
  alerts: NotifyOwnerBookingFailureRequest[];
  deliveries: RecordDeliveryRequest[];
  applied: ApplyTenantRequest[];
  voice: Voice;
}

export interface StandIns {
  world: World;
  agent: { server: GrpcServer; address: string };
  booking: { server: GrpcServer; address: string };
  notifier: { server: GrpcServer; address: string };
  calendar: { server: GrpcServer; address: string };
}

const notAsked = async (): Promise<never> => {
  throw new BookproofError("internal", "the gateway asks for nothing of the kind");
};

/** Real gRPC servers in the place of the four services. */
export async function startStandIns(connections: TenantConnection[], logger: Logger): Promise<StandIns> {
  const world: World = {
    connections,
    received: [],
    cidsSeen: [],
    flowQueries: [],
    flows: new Map(),
    waiting: new Map(),
    alerts: [],
    deliveries: [],
    applied: [],
    voice: createVoice(),
  };
  const listen = async (server: GrpcServer) => ({ server, address: `127.0.0.1:${await server.listen("127.0.0.1:0")}` });
  const agent = () => agentStandIn(world, logger);
  return {
    world,
    agent: await listen(agent()),
    booking: await listen(bookingStandIn(world, logger)),
    notifier: await listen(notifierStandIn(world, logger)),
    // Only its health is asked for.
    calendar: await listen(agent()),
  };
}

function agentStandIn(world: World, logger: Logger): GrpcServer {
  return createGrpcServer({
    definition: AgentServiceDefinition,
    logger,
    implementation: {
      listMissingSms: notAsked,
      async receiveSms(request) {
        world.received.push(request);
        world.cidsSeen.push(currentCid());
        const disposition = SmsDisposition.SMS_DISPOSITION_ACCEPTED;
        return { disposition, conversationId: "conversation-1", cid: knownCid };
      },
      diagnose: notAsked,
      openTestAlert: notAsked,
      getTestAlert: notAsked,
      async getSmsFlow(request) {
        world.flowQueries.push(request);
        const flow = world.flows.get(request.subject?.value ?? "");
        const mine = (row: { tenantId: string }) => !request.tenantId || row.tenantId === request.tenantId;
        return { traces: flow?.traces.filter(mine) ?? [], conversations: flow?.conversations.filter(mine) ?? [] };
      },
      async resolveConversation({ tenantId, cid }) {
        const owner = world.waiting.get(cid);
        if (!owner || (tenantId && tenantId !== owner)) throw new BookproofError("conversation_not_found");
        return { tenantId: owner, wasWaiting: true };
      },
      recordOutcome: notAsked,
      ...voiceRpcs(world.voice),
    },
  });
}

function bookingStandIn(world: World, logger: Logger): GrpcServer {
  const tenants = () => world.connections.map(toTenant);
  return createGrpcServer({
    definition: BookingServiceDefinition,
    logger,
    implementation: {
      async listConnections({ afterId }) {
        return { connections: world.connections.filter(({ tenantId }) => tenantId > afterId) };
      },
      async listTenants({ afterId }) {
        return { tenants: tenants().filter(({ id }) => id > afterId) };
      },
      async getTenant({ tenantId }) {
        const tenant = tenants().find(({ id }) => id === tenantId);
        if (!tenant) throw new BookproofError("tenant_not_found");
        return { tenant };
      },
      async applyTenant(request) {
        world.applied.push(request);
        const { tenant, twilio, vapi } = request;
        if (tenant) world.connections = [...world.connections, { ...tenant, tenantId: tenant.id, twilio, vapi }];
        return { created: true };
      },
      findOpenings: notAsked,
      claimSlot: notAsked,
      releaseHold: notAsked,
      confirmBooking: notAsked,
      auditCalendars: notAsked,
      listAppointments: notAsked,
      claimMoveSlot: notAsked,
      moveAppointment: notAsked,
      cancelAppointment: notAsked,
      getBookingProof: notAsked,
      listUpcomingAppointments: notAsked,
      reserveSlot: notAsked,
      sendOtp: notAsked,
      verifyOtp: notAsked,
      recordConfirmationSms: notAsked,
      acknowledgeEvent: notAsked,
      diagnose: notAsked,
    },
  });
}

function notifierStandIn(world: World, logger: Logger): GrpcServer {
  return createGrpcServer({
    definition: NotifierServiceDefinition,
    logger,
    implementation: {
      async notifyOwnerBookingFailure(request) {
        world.alerts.push(request);
        return { escalationId: "escalation-1", created: true };
      },
      async recordDelivery(request) {
        world.deliveries.push(request);
        return { applied: true };
      },
      diagnose: notAsked,
      sendTestAlert: notAsked,
      getTestAlert: notAsked,
      async resolveEscalations() {
        return { resolved: 1 };
      },
      handleEvent: notAsked,
      sendToCustomer: notAsked,
      recordOptOut: notAsked,
      sendOneTimeCode: notAsked,
      sendConfirmation: notAsked,
      sendHotLeadAlert: notAsked,
    },
  });
}

function toTenant({ tenantId, name, timeZone, phoneNumbers, owner }: TenantConnection): Tenant {
  return {
    id: tenantId,
    name,
    timeZone,
    phoneNumbers,
    owner,
    bookingRules: { slotStepMinutes: 30, minNoticeMinutes: 120, horizonDays: 60, holdMinutes: 10 },
    offerings: [],
    workingHours: [],
    plainTexts: false,
  };
}
