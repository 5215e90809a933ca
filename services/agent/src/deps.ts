import { createFlowLog, createFlowTrace, type FlowLog, type TraceSmsFlow } from "@bookproof/flow-trace";
import { createPool } from "@bookproof/postgres";
import { BookingServiceDefinition } from "@bookproof/proto/booking";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient, createLogger, type GrpcClient, type Logger } from "@bookproof/service";
import type pg from "pg";
import { createTenantReader, type TenantReader } from "./calls/read-tenant.ts";
import type { Config } from "./config.ts";
import { followStage } from "./follow-stage.ts";

export interface Deps {
  config: Config;
  logger: Logger;
  pool: pg.Pool;
  log: FlowLog;
  /** Also moves the conversation's stage fields, since the agent owns them. */
  traceSmsFlow: TraceSmsFlow;
  booking: GrpcClient<BookingServiceDefinition>;
  notifier: GrpcClient<NotifierServiceDefinition>;
  /** Tenants as booking knows them, a few seconds old at most. */
  readTenant: TenantReader;
  close(): Promise<void>;
}

export function createDeps(config: Config): Deps {
  const logger = createLogger("agent", config.logLevel);
  const pool = createPool({ url: config.databaseUrl, role: "bookproof_agent", logger, max: 20 });
  const log = createFlowLog(logger, config.traceSms);
  const booking = createGrpcClient(BookingServiceDefinition, config.bookingAddr);
  const notifier = createGrpcClient(NotifierServiceDefinition, config.notifierAddr);
  return {
    config,
    logger,
    pool,
    log,
    traceSmsFlow: followStage(pool, createFlowTrace({ pool, log, logger, service: "agent" }), logger),
    booking: booking.client,
    notifier: notifier.client,
    readTenant: createTenantReader(booking.client),
    async close() {
      booking.close();
      notifier.close();
      await pool.end();
    },
  };
}
