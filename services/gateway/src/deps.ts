import { createFlowLog, type FlowLog } from "@bookproof/flow-trace";
import { createPool } from "@bookproof/postgres";
import { AgentServiceDefinition } from "@bookproof/proto/agent";
import { BookingServiceDefinition } from "@bookproof/proto/booking";
import { CalendarServiceDefinition } from "@bookproof/proto/calendar";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient, createLogger, type GrpcClient, type Logger } from "@bookproof/service";
import type pg from "pg";
import { createHealthProbe, type HealthProbe } from "./adapters/health-probe.ts";
import { createTenantConnections, type TenantConnections } from "./adapters/tenant-connections.ts";
import { createTwilioSimulator, type TwilioSimulator } from "./adapters/twilio-simulator.ts";
import type { Config } from "./config.ts";

export interface Deps {
  config: Config;
  logger: Logger;
  log: FlowLog;
  pool: pg.Pool;
  agent: GrpcClient<AgentServiceDefinition>;
  booking: GrpcClient<BookingServiceDefinition>;
  /** For the doctor, and for what people do with built-in calendars. */
  calendar: GrpcClient<CalendarServiceDefinition>;
  notifier: GrpcClient<NotifierServiceDefinition>;
  connections: TenantConnections;
  /** Whether each service behind us answers, by its name. */
  probes: Record<"agent" | "booking" | "calendar" | "notifier", HealthProbe>;
  /** Only where the sandbox is on. */
  simulator: TwilioSimulator | undefined;
  close(): Promise<void>;
}

export function createDeps(config: Config): Deps {
  const logger = createLogger("gateway", config.logLevel);
  const pool = createPool({ url: config.databaseUrl, role: "bookproof_gateway", logger });
  const agent = createGrpcClient(AgentServiceDefinition, config.agentAddr);
  const booking = createGrpcClient(BookingServiceDefinition, config.bookingAddr);
  const calendar = createGrpcClient(CalendarServiceDefinition, config.calendarAddr);
  const notifier = createGrpcClient(NotifierServiceDefinition, config.notifierAddr);
  const probes = {
    agent: createHealthProbe(config.agentAddr),
    booking: createHealthProbe(config.bookingAddr),
    calendar: createHealthProbe(config.calendarAddr),
    notifier: createHealthProbe(config.notifierAddr),
  };
  const { sandboxSimulatorUrl } = config;
  return {
    config,
    logger,
    log: createFlowLog(logger, config.traceSms),
    pool,
    agent: agent.client,
    booking: booking.client,
    calendar: calendar.client,
    notifier: notifier.client,
    connections: createTenantConnections({ booking: booking.client, logger }),
    probes,
    simulator: sandboxSimulatorUrl ? createTwilioSimulator(sandboxSimulatorUrl) : undefined,
    async close() {
      for (const connection of [agent, booking, calendar, notifier, ...Object.values(probes)]) connection.close();
      await pool.end();
    },
  };
}
