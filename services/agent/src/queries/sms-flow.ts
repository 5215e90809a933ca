import type { Queryable } from "@bookproof/postgres";
import type { ConversationStage, FlowTrace } from "@bookproof/proto/agent";

type Subject = { $case: "cid" | "phone"; value: string };

interface TraceRow {
  id: string;
  tenant_id: string;
  correlation_id: string;
  from_e164: string;
  to_e164: string | null;
  direction: string;
  stage: string;
  stage_reason: string | null;
  payload_json: unknown;
  created_at: Date;
  service: string;
}

const columns =
  "id, tenant_id, correlation_id, from_e164, to_e164, direction, stage, stage_reason, payload_json, created_at, service";
const newestFirst = "ORDER BY created_at DESC, id DESC LIMIT $3";

/** By phone each side takes the newest from its own index: an OR of both would have to read all that a busy number has. */
const newestTraces: Record<Subject["$case"], string> = {
  cid: `SELECT ${columns} FROM trace.sms_flow_traces WHERE tenant_id = $1 AND correlation_id = $2 ${newestFirst}`,
  phone: `
    (SELECT ${columns} FROM trace.sms_flow_traces WHERE tenant_id = $1 AND from_e164 = $2 ${newestFirst})
    UNION ALL
    (SELECT ${columns} FROM trace.sms_flow_traces WHERE tenant_id = $1 AND to_e164 = $2 AND from_e164 <> $2 ${newestFirst})
    ${newestFirst}`,
};

/** The newest trace rows of a journey or a phone number, newest last. */
export async function selectTraces(
  client: Queryable,
  tenantId: string,
  subject: Subject,
  limit: number,
): Promise<FlowTrace[]> {
  const { rows } = await client.query<TraceRow>(newestTraces[subject.$case], [tenantId, subject.value, limit]);
  return rows.reverse().map((row) => ({
    id: BigInt(row.id),
    tenantId: row.tenant_id,
    cid: row.correlation_id,
    fromE164: row.from_e164,
    toE164: row.to_e164 ?? "",
    direction: row.direction,
    stage: row.stage,
    stageReason: row.stage_reason ?? "",
    payloadJson: JSON.stringify(row.payload_json ?? {}),
    createdAt: row.created_at,
    service: row.service,
  }));
}

interface StageRow {
  id: string;
  correlation_id: string;
  customer_phone: string;
  stage: string | null;
  stage_reason: string | null;
  last_error: string | null;
  last_tool: string | null;
  last_tool_ok: boolean | null;
  needs_human: boolean;
  updated_at: Date;
}

/** The stage fields of the conversations that are on this journey or with this phone number. */
export async function selectConversationStages(
  client: Queryable,
  tenantId: string,
  subject: Subject,
): Promise<ConversationStage[]> {
  const where = subject.$case === "cid" ? "correlation_id = $2" : "customer_phone = $2";
  const { rows } = await client.query<StageRow>(
    `SELECT id, correlation_id, customer_phone, stage, stage_reason, last_error, last_tool, last_tool_ok, needs_human, updated_at
     FROM agent.conversations WHERE tenant_id = $1 AND ${where} ORDER BY updated_at`,
    [tenantId, subject.value],
  );
  return rows.map((row) => ({
    conversationId: row.id,
    tenantId,
    cid: row.correlation_id,
    customerPhone: row.customer_phone,
    stage: row.stage ?? "",
    stageReason: row.stage_reason ?? "",
    lastError: row.last_error ?? "",
    lastTool: row.last_tool ?? "",
    lastToolOk: row.last_tool_ok ?? undefined,
    needsHuman: row.needs_human,
    updatedAt: row.updated_at,
  }));
}
