import { directBus, type EventBus, kafkaBus } from "@bookproof/events";
import { createFlowLog, createFlowTrace, type FlowLog, type TraceSmsFlow } from "@bookproof/flow-trace";
import { createPool, createSecretBox, type SecretBox } from "@bookproof/postgres";
import { AgentServiceDefinition } from "@bookproof/proto/agent";
import { CalendarServiceDefinition } from "@bookproof/proto/calendar";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient, createLogger, type GrpcClient, type Logger } from "@bookproof/service";
import type pg from "pg";
import type { Config } from "./config.ts";
import { createOneTimeCodes, type OneTimeCodes } from "./domain/one-time-code.ts";

export interface Deps {
  config: Config;
  logger: Logger;
  pool: pg.Pool;
  secrets: SecretBox;
  log: FlowLog;
  traceSmsFlow: TraceSmsFlow;
  agent: GrpcClient<AgentServiceDefinition>;
  calendar: GrpcClient<CalendarServiceDefinition>;
  notifier: GrpcClient<NotifierServiceDefinition>;
  /** Calls the notifier. */
  bus: EventBus;
  /** Undefined without KAFKA_BROKERS. */
  kafka: EventBus | undefined;
  codes: OneTimeCodes;
  close(): Promise<void>;
}

export function createDeps(config: Config, overrides: Partial<Pick<Deps, "logger">> = {}): Deps {
  const { logger = createLogger("booking", config.logLevel) } = overrides;
  const pool = createPool({ url: config.databaseUrl, role: "bookproof_booking", logger, max: 20 });
  const log = createFlowLog(logger, config.traceSms);
  const agent = createGrpcClient(AgentServiceDefinition, config.agentAddr);
  const calendar = createGrpcClient(CalendarServiceDefinition, config.calendarAddr);
  const notifier = createGrpcClient(NotifierServiceDefinition, config.notifierAddr);
  const bus = directBus(notifier.client);
  const { kafkaBrokers: brokers, events } = config;
  const kafka =
    brokers.length > 0
      ? kafkaBus({ brokers, clientId: "bookproof-booking", logger, timeoutMs: events.publishMs })
      : undefined;
  return {
    config,
    logger,
    pool,
    secrets: createSecretBox(config.secretsKeys),
    log,
    traceSmsFlow: createFlowTrace({ pool, log, logger, service: "booking" }),
    agent: agent.client,
    calendar: calendar.client,
    notifier: notifier.client,
    bus,
    kafka,
    codes: createOneTimeCodes(config.secretsKeys),
    async close() {
      await Promise.all([bus.close(), kafka?.close()]);
      for (const connection of [agent, calendar, notifier]) connection.close();
      await pool.end();
    },
  };
}
