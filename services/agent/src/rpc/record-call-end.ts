import { type Queryable, withTenant } from "@bookproof/postgres";
import type { RecordCallEndRequest, RecordCallEndResponse } from "@bookproof/proto/agent";
import type { Tenant } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import { callerSchema, openCall } from "../calls/open-call.ts";
import { settleCallEnd } from "../calls/settle-call-end.ts";
import type { Deps } from "../deps.ts";
import { type LeadScore, scoreLead } from "../domain/voice/lead-score.ts";
import { transcriptLines } from "../domain/voice/transcript-lines.ts";
import { type Call, selectCall } from "../queries/calls.ts";
import { storeCallEnd } from "../queries/ended-calls.ts";

const schema = z.object({
  caller: callerSchema.extend({ callId: z.string().min(1).max(200) }),
  endedReason: z.string().max(200),
  startedAt: z.date().optional(),
  endedAt: z.date().optional(),
  transcript: z.string().max(1_000_000),
  recordingUrl: z.string().max(4_000),
  summary: z.string().max(100_000),
  structuredDataJson: z.string().max(100_000),
});
type End = z.output<typeof schema>;

/** The end of a call, once a call: stored and scored, its loose ends settled in the same transaction. */
export const recordCallEnd =
  (deps: Deps) =>
  async (request: RecordCallEndRequest): Promise<RecordCallEndResponse> => {
    const end = parseRequest(schema, request);
    const opened = await openCall(deps, end);
    const tenant = await tenantIfKnown(deps, opened.tenantId);
    return runWithCid(opened.cid, () =>
      withTenant(deps.pool, opened.tenantId, async (client) => {
        const call = (await selectCall(client, opened.tenantId, opened.callId)) ?? opened;
        return record(deps, client, { call, end, tenant });
      }),
    );
  };

async function record(
  deps: Deps,
  client: Queryable,
  ended: { call: Call; end: End; tenant: Tenant | undefined },
): Promise<RecordCallEndResponse> {
  const { call, end, tenant } = ended;
  const { startedAt, endedAt = new Date() } = end;
  const durationSeconds = startedAt ? Math.max(0, Math.round((endedAt.getTime() - startedAt.getTime()) / 1000)) : 0;
  const lines = transcriptLines(end.transcript);
  const lead = scoreCall(call, { durationSeconds, callerLines: lines.caller }, tenant);
  const isFirst = await storeCallEnd(client, call, {
    endedReason: end.endedReason,
    startedAt,
    endedAt,
    durationSeconds,
    transcript: end.transcript,
    recordingUrl: end.recordingUrl,
    summary: end.summary,
    structuredData: jsonOrNothing(end.structuredDataJson),
    leadScore: lead.score,
    leadScoreParts: lead.parts,
  });
  if (!isFirst) return { recorded: false, leadScore: call.leadScore ?? lead.score };
  await deps.traceSmsFlow(
    {
      tenantId: call.tenantId,
      cid: call.cid,
      from: call.customerPhone,
      direction: "internal",
      stage: "CALL_ENDED",
      reason: end.endedReason || "unknown",
      payload: { durationSeconds, leadScore: lead.score, booked: call.appointmentId !== "" },
    },
    client,
  );
  await settleCallEnd(deps, client, call, { lead, assistantLines: lines.assistant });
  return { recorded: true, leadScore: lead.score };
}

function scoreCall(
  call: Call,
  talk: { durationSeconds: number; callerLines: string[] },
  tenant: Tenant | undefined,
): LeadScore {
  const offerings = tenant?.offerings ?? [];
  const asked = call.requested.offeringId ?? call.offered[0]?.offeringId;
  return scoreLead(
    {
      ...talk,
      offeringNames: offerings.flatMap(({ name, aliases }) => [name, ...aliases]),
      booked: call.appointmentId !== "",
      highValue: offerings.find(({ id }) => id === asked)?.highValue ?? false,
    },
    tenant?.leadScoreWeights,
  );
}

/** A report comes once: it is stored while booking is away too, scored by the default weights. */
async function tenantIfKnown(deps: Deps, tenantId: string): Promise<Tenant | undefined> {
  try {
    return await deps.readTenant(tenantId);
  } catch (error) {
    deps.logger.warn({ err: error, tenantId }, "a call is scored without knowing its tenant");
    return undefined;
  }
}

function jsonOrNothing(text: string): string | undefined {
  try {
    return text === "" ? undefined : JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
