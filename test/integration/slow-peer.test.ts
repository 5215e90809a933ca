import { CalendarServiceDefinition, type CalendarServiceImplementation } from "@bookproof/proto/calendar";
import { createGrpcClient, createGrpcServer, createLogger } from "@bookproof/service";
import { startTcpProxy } from "@bookproof/testing";
import { expect, test } from "@jest/globals";

test("a service connects to a peer that is slow to answer: a busy one must not become unreachable", async () => {
  const unused = async () => {
    throw new Error("not asked for");
  };
  const implementation: CalendarServiceImplementation = {
    applyCalendars: unused,
    getAvailability: unused,
    insertEvent: unused,
    patchEvent: unused,
    deleteEvent: unused,
    listOwnEvents: unused,
    takeChanges: unused,
    acknowledgeChanges: unused,
    diagnose: unused,
    listCalendarConnections: unused,
    createConnectLink: unused,
    beginConnect: unused,
    finishConnect: unused,
    blockTime: unused,
    listBlockedTimes: unused,
    unblockTime: unused,
    createFeed: unused,
    deleteFeed: unused,
    readFeed: unused,
    getEvent: async () => ({ event: undefined }),
  };
  const logger = createLogger("calendar", "silent");
  const server = createGrpcServer({ definition: CalendarServiceDefinition, implementation, logger });
  const port = await server.listen("127.0.0.1:0");
  const wire = await startTcpProxy({ upstream: () => ({ host: "127.0.0.1", port }) });
  wire.setDelay(120);
  const { client, close } = createGrpcClient(CalendarServiceDefinition, `127.0.0.1:${wire.port}`);
  try {
    expect(await client.getEvent({ tenantId: "", calendarId: "", eventId: "" })).toEqual({ event: undefined });
  } finally {
    close();
    await wire.close();
    await server.stop();
  }
});
