import type { FlowTrace, TraceSmsFlow } from "@bookproof/flow-trace";
import { type Queryable, withTenant } from "@bookproof/postgres";
import type pg from "pg";
import { moveStage } from "./queries/conversation-stage.ts";

/** Stages that show where a journey is; others (SKIP, OUTBOUND, …) are traced without moving it. */
const journeyStages = new Set(["INBOUND", "AGENT", "TOOL", "CONFIRM", "FAILED"]);

/** Seed 001: a trace also updates stage, reason, last error and last tool of the journey's conversation, if it exists. */
export function followStage(pool: pg.Pool, trace: TraceSmsFlow): TraceSmsFlow {
  return async (step, client) => {
    await trace(step, client);
    if (!journeyStages.has(step.stage)) return;
    const move = (queryable: Queryable) => moveStage(queryable, stageOf(step));
    await (client ? move(client) : withTenant(pool, step.tenantId, move));
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
