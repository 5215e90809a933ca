import { BookproofError, type Reason } from "@bookproof/errors";
import { AgentServiceDefinition, type AgentServiceImplementation } from "@bookproof/proto/agent";
import {
  type CalendarEvent,
  CalendarServiceDefinition,
  type CalendarServiceImplementation,
  type TimeRange,
} from "@bookproof/proto/calendar";
import type { BookingEvent } from "@bookproof/proto/events";
import {
  NotifierServiceDefinition,
  type NotifierServiceImplementation,
  type SendOneTimeCodeRequest,
} from "@bookproof/proto/notifier";
import { createGrpcServer, type Logger } from "@bookproof/service";

const notHere = async (): Promise<never> => {
  throw new BookproofError("internal", "This stand-in does not answer that call.");
};

/** A gRPC server in the calendar's place: every calendar works 09:00–17:00 UTC on every day and keeps the events it is given. */
export async function startCalendarStandIn(logger: Logger) {
  const events = new Map<string, CalendarEvent>();
  const state = {
    availabilityCalls: 0,
    busy: [] as TimeRange[],
    unreadable: "" as Reason | "",
    /** The calendars that are meant by the two; all of them where none is named. */
    only: {} as { busy?: string; unreadable?: string },
    /** Holds inserts back until it resolves. */
    insertGate: Promise.resolve(),
    refuseInserts: false,
  };
  const implementation: CalendarServiceImplementation = {
    applyCalendars: async () => ({}),
    async getAvailability({ calendarIds, range }) {
      state.availabilityCalls++;
      const { only, busy, unreadable } = state;
      if (!range?.from || !range.to || range.to.getTime() - range.from.getTime() > 400 * 86_400_000)
        throw new BookproofError("invalid_argument", "The range must span 400 days at most.");
      const days = workdays(range.from, range.to);
      return {
        calendars: calendarIds.map((calendarId) => {
          const unreadableReason = (only.unreadable ?? calendarId) === calendarId ? unreadable : "";
          const taken = (only.busy ?? calendarId) === calendarId ? busy : [];
          return {
            calendarId,
            displayName: calendarId,
            windows: unreadableReason ? [] : days,
            busy: taken.map((range) => ({ range, eventId: "" })),
            unreadableReason,
          };
        }),
      };
    },
    async insertEvent({ eventId, appointmentId, range }) {
      await state.insertGate;
      if (state.refuseInserts) throw new BookproofError("calendar_refused");
      const event = { eventId, appointmentId, range, live: true, declined: false, summary: "" };
      events.set(eventId, event);
      return { event };
    },
    async patchEvent({ eventId, appointmentId, range }) {
      const event = events.get(eventId);
      if (event?.appointmentId !== appointmentId) throw new BookproofError("calendar_refused");
      const moved = { ...event, range };
      events.set(eventId, moved);
      return { event: moved };
    },
    getEvent: async ({ eventId }) => ({ event: events.get(eventId) }),
    diagnose: notHere,
    listOwnEvents: notHere,
    takeChanges: async () => ({ changes: [] }),
    acknowledgeChanges: notHere,
    listCalendarConnections: notHere,
    createConnectLink: notHere,
    beginConnect: notHere,
    finishConnect: notHere,
    blockTime: notHere,
    listBlockedTimes: notHere,
    unblockTime: notHere,
    createFeed: notHere,
    deleteFeed: notHere,
    readFeed: notHere,
    deleteEvent: async ({ eventId }) => {
      events.delete(eventId);
      return {};
    },
  };
  const server = createGrpcServer({ definition: CalendarServiceDefinition, implementation, logger });
  return { address: `127.0.0.1:${await server.listen("127.0.0.1:0")}`, state, events, stop: server.stop };
}

function workdays(from: Date, to: Date): TimeRange[] {
  const windows: TimeRange[] = [];
  const day = new Date(from);
  day.setUTCHours(0, 0, 0, 0);
  for (; day < to; day.setUTCDate(day.getUTCDate() + 1)) {
    const at = (hour: number) => new Date(day.getTime() + hour * 3_600_000);
    windows.push({ from: at(9), to: at(17) });
  }
  return windows;
}

/** A gRPC server in the notifier's place that keeps the codes and events it is given. */
export async function startNotifierStandIn(logger: Logger) {
  const codes: SendOneTimeCodeRequest[] = [];
  const published: BookingEvent[] = [];
  const state = { unreachable: new Set<string>() };
  const implementation: NotifierServiceImplementation = {
    async handleEvent({ event }) {
      if (event) published.push(event);
      return {};
    },
    async sendOneTimeCode(request) {
      const accepted = !state.unreachable.has(request.phone || request.email);
      if (accepted) codes.push(request);
      return { accepted };
    },
    sendToCustomer: notHere,
    sendConfirmation: notHere,
    sendHotLeadAlert: notHere,
    notifyOwnerBookingFailure: notHere,
    recordDelivery: notHere,
    recordOptOut: notHere,
    resolveEscalations: notHere,
    diagnose: notHere,
    sendTestAlert: notHere,
    getTestAlert: notHere,
  };
  const server = createGrpcServer({ definition: NotifierServiceDefinition, implementation, logger });
  return { address: `127.0.0.1:${await server.listen("127.0.0.1:0")}`, codes, published, state, stop: server.stop };
}

/** A gRPC server in the agent's place that takes every outcome. */
export async function startAgentStandIn(logger: Logger) {
  const implementation: AgentServiceImplementation = {
    recordOutcome: async () => ({ recorded: true }),
    receiveSms: notHere,
    listMissingSms: notHere,
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
  };
  const server = createGrpcServer({ definition: AgentServiceDefinition, implementation, logger });
  return { address: `127.0.0.1:${await server.listen("127.0.0.1:0")}`, stop: server.stop };
}
