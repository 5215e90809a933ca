import { AgentServiceDefinition } from "@bookproof/proto/agent";
import type { Tenant } from "@bookproof/proto/booking";
import { createGrpcClient, createLogger } from "@bookproof/service";
import { createTestDatabase } from "@bookproof/testing";
import { readConfig } from "../config.ts";
import { createDeps } from "../deps.ts";
import { createServer } from "../server.ts";
import { startBookingStandIn, startNotifierStandIn } from "./stand-ins.ts";

export const SMILE = "a0000000-0000-0000-0000-000000000001";
export const SPARKS = "b0000000-0000-0000-0000-000000000002";

const smile: Tenant = {
  id: SMILE,
  name: "Smile Dental",
  timeZone: "America/New_York",
  phoneNumbers: ["+15550100001"],
  owner: undefined,
  bookingRules: { slotStepMinutes: 30, minNoticeMinutes: 0, horizonDays: 400, holdMinutes: 10 },
  offerings: [
    {
      id: "whitening",
      name: "Teeth Whitening",
      aliases: [],
      durationMinutes: 60,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      needsAddress: false,
      highValue: true,
      priceHint: "$200",
      calendarIds: ["cal-smith"],
    },
  ],
  workingHours: [],
  plainTexts: false,
  leadScoreWeights: undefined,
};
const sparks: Tenant = { ...smile, id: SPARKS, name: "Sparks Electric", phoneNumbers: ["+15550200001"] };

/** One agent with its database, and booking and notifier beside it, each a real gRPC server on 127.0.0.1. */
export async function startWorld() {
  const database = await createTestDatabase();
  const logger = createLogger("agent", "error");
  const booking = await startBookingStandIn(logger, [smile, sparks]);
  const notifier = await startNotifierStandIn(logger);
  const config = readConfig({
    DATABASE_URL: database.url,
    LISTEN_ADDR: "127.0.0.1:0",
    BOOKING_ADDR: booking.address,
    NOTIFIER_ADDR: notifier.address,
    LOG_LEVEL: "error",
  });
  const server = createServer(createDeps({ ...config, confirmAlertMs: 1_000 }));
  const { client, close } = createGrpcClient(AgentServiceDefinition, await server.start(), { deadlineMs: 15_000 });
  return {
    agent: client,
    booking: booking.world,
    notifier: notifier.world,
    query: database.query,
    async stop() {
      close();
      await server.stop();
      await Promise.all([booking.stop(), notifier.stop()]);
      await database.drop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
