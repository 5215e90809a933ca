import { createFlowLog, createFlowTrace, type FlowLog, type TraceSmsFlow } from "@bookproof/flow-trace";
import { createPool } from "@bookproof/postgres";
import { AgentServiceDefinition } from "@bookproof/proto/agent";
import { BookingServiceDefinition } from "@bookproof/proto/booking";
import { createGrpcClient, createLogger, type GrpcClient, type Logger } from "@bookproof/service";
import type pg from "pg";
import { createMailer, type Mailer } from "./adapters/mail.ts";
import { createTwilio, type Twilio } from "./adapters/twilio.ts";
import type { Config } from "./config.ts";
import { createDirectAlerts, type DirectAlerts } from "./escalation/direct-alerts.ts";
import { createTenantConnections, type TenantConnections } from "./tenant-connections.ts";

export interface Deps {
  config: Config;
  logger: Logger;
  pool: pg.Pool;
  log: FlowLog;
  traceSmsFlow: TraceSmsFlow;
  agent: GrpcClient<AgentServiceDefinition>;
  booking: GrpcClient<BookingServiceDefinition>;
  /** For customers' texts. */
  twilio: Twilio;
  /** For owners' alerts: gives up sooner, because another channel waits. */
  alertTwilio: Twilio;
  /** Undefined without SMTP_URL. */
  mailer: Mailer | undefined;
  connections: TenantConnections;
  directAlerts: DirectAlerts;
  close(): Promise<void>;
}

export function createDeps(config: Config, overrides: Partial<Pick<Deps, "logger" | "mailer">> = {}): Deps {
  const logger = overrides.logger ?? createLogger("notifier", config.logLevel);
  const pool = createPool({ url: config.databaseUrl, role: "bookproof_notifier", logger, max: 20 });
  const log = createFlowLog(logger, config.traceSms);
  const agent = createGrpcClient(AgentServiceDefinition, config.agentAddr);
  const booking = createGrpcClient(BookingServiceDefinition, config.bookingAddr);
  const { textTimeoutMs, alertTimeoutMs } = config.times;
  const mailer = overrides.mailer ?? (config.smtpUrl ? createMailer(config.smtpUrl, alertTimeoutMs) : undefined);
  const connections = createTenantConnections({ config, booking: booking.client, logger });
  return {
    config,
    logger,
    pool,
    log,
    traceSmsFlow: createFlowTrace({ pool, log, logger, service: "notifier" }),
    agent: agent.client,
    booking: booking.client,
    twilio: createTwilio({ baseUrl: config.twilioBaseUrl, timeoutMs: textTimeoutMs }),
    alertTwilio: createTwilio({ baseUrl: config.twilioBaseUrl, timeoutMs: alertTimeoutMs }),
    mailer,
    connections,
    directAlerts: createDirectAlerts(config.times.alertsDoubtfulMs),
    async close() {
      connections.stop();
      mailer?.close();
      for (const connection of [agent, booking]) connection.close();
      await pool.end();
    },
  };
}
