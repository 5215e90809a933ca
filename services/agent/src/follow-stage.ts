import type { FlowTrace, TraceSmsFlow } from "@bookproof/flow-trace";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type { Logger } from "@bookproof/service";
import type pg from "pg";
import { moveStage } from "./queries/conversation-stage.ts";

/** Stages that show where a journey is; others (SKIP, OUTBOUND, …) are traced without moving it. */
const journeyStages = new Set(["INBOUND", "AGENT", "TOOL", "CONFIRM", "FAILED"]);

/**
 * Seed 001: a trace also updates stage, reason, last error and last tool of the journey's conversation, if it exists.
 * Outside the caller's transaction a failure is only logged, like that of the trace itself: it never stops a journey.
 */
export function followStage(pool: pg.Pool, trace: TraceSmsFlow, logger: Logger): TraceSmsFlow {
  return async (step, client) => {
    await trace(step, client);
    if (!journeyStages.has(step.stage)) return;
    const move = (queryable: Queryable) => moveStage(queryable, stageOf(step));
    if (client) return move(client);
    await withTenant(pool, step.tenantId, move).catch((error) =>
      logger.error({ err: error, cid: step.cid, stage: step.stage }, "[STAGE_NOT_MOVED] a stage could not be moved"),
    );
  };
}

function stageOf(step: FlowTrace) {
  const { tool, ok, error } = step.payload ?? {};
  return {
    tenantId: step.tenantId,
    cid: step.cid,
    stage: step.stage,
    reason: step.reason,
    lastTool: typeof tool === "string" ? tool : undefined,
    lastToolOk: typeof ok === "boolean" ? ok : undefined,
    lastError: typeof error === "string" ? error : undefined,
  };
}
