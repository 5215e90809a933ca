import { Writable } from "node:stream";
import { type ApplyTenantRequest, BookingServiceDefinition, type ReserveSlotRequest } from "@bookproof/proto/booking";
import { createGrpcClient } from "@bookproof/service";
import { createTestDatabase } from "@bookproof/testing";
import { pino } from "pino";
import { readConfig, type VoiceLimits } from "../config.ts";
import { createDeps } from "../deps.ts";
import { createServer } from "../server.ts";
import { startAgentStandIn, startCalendarStandIn, startNotifierStandIn } from "./stand-ins.ts";

export const SMILE = "a0000000-0000-4000-8000-000000000001";
export const SPARKS = "b0000000-0000-4000-8000-000000000002";

const offering = {
  aliases: [],
  durationMinutes: 30,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  needsAddress: false,
  highValue: false,
  priceHint: "",
  calendarIds: ["cal-smith"],
};

/** A business open 09:00–17:00 UTC: consultations of 30 minutes, whitening of 60 and 15 after, cleaning on two calendars. */
export const business = (id: string, phone: string): ApplyTenantRequest => ({
  tenant: {
    id,
    name: "Smile Dental",
    timeZone: "UTC",
    phoneNumbers: [phone],
    owner: { phone: "+15550100900", vipPhone: "", email: "", hotLeadAlertPhone: "" },
    bookingRules: { slotStepMinutes: 30, minNoticeMinutes: 120, horizonDays: 60, holdMinutes: 10 },
    offerings: [
      { ...offering, id: "consultation", name: "Consultation" },
      {
        ...offering,
        id: "whitening",
        name: "Teeth Whitening",
        durationMinutes: 60,
        bufferAfterMinutes: 15,
        highValue: true,
      },
      { ...offering, id: "cleaning", name: "Cleaning", calendarIds: ["cal-smith", "cal-jones"] },
    ],
    workingHours: [],
    plainTexts: false,
  },
  twilio: { accountSid: "AC1", authToken: "token" },
  vapi: { secret: "s", hmacSecret: "", promptExtension: "" },
  calendars: ["cal-smith", "cal-jones"].map((calendarId) => ({
    id: calendarId,
    displayName: calendarId === "cal-smith" ? "Dr. Smith" : "Dr. Jones",
    kind: { $case: "builtin", value: {} },
    workingHours: [],
    closed: [],
  })),
});

/** So many days from today at a UTC clock time. */
export function inDays(days: number, clock: string): Date {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  const date = new Date();
  date.setUTCDate(date.getUTCDate() + days);
  date.setUTCHours(hours, minutes, 0, 0);
  return date;
}

let calls = 0;

/** The booking service on a free port over a fresh database, with calendar and notifier as stand-ins of their own. */
export async function startBookingWorld(limits: Partial<VoiceLimits> = {}) {
  const database = await createTestDatabase();
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const logger = pino({ level: "info" }, sink);
  const calendar = await startCalendarStandIn(logger);
  const notifier = await startNotifierStandIn(logger);
  const agent = await startAgentStandIn(logger);
  const config = readConfig({
    LOG_LEVEL: "info",
    DATABASE_URL: database.url,
    LISTEN_ADDR: "127.0.0.1:0",
    CALENDAR_ADDR: calendar.address,
    NOTIFIER_ADDR: notifier.address,
    AGENT_ADDR: agent.address,
    SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
  });
  Object.assign(config.voice, limits);
  const server = createServer(createDeps(config, { logger }));
  const { client, close } = createGrpcClient(BookingServiceDefinition, await server.start());
  for (const tenant of [business(SMILE, "+15550100001"), business(SPARKS, "+15550200001")])
    await client.applyTenant(tenant);

  /** A request as a new call makes it; tell only what matters. */
  const reservation = (wanted: Partial<ReserveSlotRequest> & { start: Date }): ReserveSlotRequest => {
    const callId = `call-${++calls}`;
    return {
      tenantId: SMILE,
      callId,
      offeringId: "consultation",
      calendarId: "",
      customer: { name: "Jane Roe", phone: "+15551230001", email: "" },
      cid: `cid-${callId}`,
      bookingSource: "phone_ai",
      ...wanted,
    };
  };
  return {
    database,
    lines,
    calendar,
    notifier,
    config,
    booking: client,
    reservation,
    reserve: (wanted: Partial<ReserveSlotRequest> & { start: Date }) => client.reserveSlot(reservation(wanted)),
    async stop() {
      close();
      await server.stop();
      await Promise.all([calendar.stop(), notifier.stop(), agent.stop()]);
      await database.drop();
    },
  };
}

export type BookingWorld = Awaited<ReturnType<typeof startBookingWorld>>;
