import { afterCommit, type Queryable } from "@bookproof/postgres";
import type { Logger } from "@bookproof/service";
import { countStage, markSpan } from "@bookproof/telemetry";
import type { FlowLog } from "./flow-log.ts";
import { reasonLabel } from "./reason-label.ts";
import { type Payload, redactPayload } from "./redact-payload.ts";

/** One step of a journey, as seed 001 names it. */
export interface FlowTrace {
  tenantId: string;
  cid: string;
  /** E.164; the customer's number for internal steps. */
  from: string;
  /** E.164. */
  to?: string | undefined;
  direction: "inbound" | "outbound" | "internal";
  /** INBOUND, AGENT, TOOL, CONFIRM, BOOKED, NEEDS_HUMAN, FAILED, SKIP, CLAIM_BLOCKED, OUTBOUND, … */
  stage: string;
  reason?: string | undefined;
  payload?: Payload;
  /** Repeats what another service has traced: it is written, but not measured as one more. */
  isEcho?: boolean;
}

/** @param client writes within the caller's transaction; without it the row stands by itself and a failure is only logged. */
export type TraceSmsFlow = (trace: FlowTrace, client?: Queryable) => Promise<void>;

/**
 * Makes a service's traceSmsFlow(): one row in trace.sms_flow_traces, always, one gated log line, and one stage counted.
 * A trace that cannot be written never stops a journey: it is logged as `[TRACE_NOT_WRITTEN]`.
 */
export function createFlowTrace(options: {
  pool: Queryable;
  log: FlowLog;
  logger: Logger;
  service: string;
}): TraceSmsFlow {
  const { pool, log, logger, service } = options;
  return async (trace, client) => {
    markSpan({ stage: trace.stage, stageReason: trace.reason ?? "" });
    log.step(trace.cid, `TRACE_${trace.stage}`, {
      direction: trace.direction,
      from: trace.from,
      ...(trace.reason ? { reason: trace.reason } : {}),
      ...trace.payload,
    });
    // A call's end has its vendor's reason: reasonLabel sees to it that no such word becomes a series.
    const count = () => {
      if (!trace.isEcho) countStage({ stage: trace.stage, reason: reasonLabel(trace.reason) });
    };
    if (client) {
      await insertRow(client, service, trace);
      afterCommit(client, count);
      return;
    }
    count();
    try {
      await insertRow(pool, service, trace);
    } catch (error) {
      logger.error(
        { err: error, cid: trace.cid, stage: trace.stage },
        "[TRACE_NOT_WRITTEN] a step could not be traced",
      );
    }
  };
}

async function insertRow(queryable: Queryable, service: string, trace: FlowTrace): Promise<void> {
  await queryable.query("SELECT trace.write_sms_flow($1, $2, $3, $4, $5, $6, $7, $8, $9)", [
    trace.tenantId,
    trace.cid,
    trace.from,
    trace.to ?? null,
    trace.direction,
    trace.stage,
    trace.reason ?? null,
    JSON.stringify(redactPayload(trace.payload ?? {})),
    service,
  ]);
}
