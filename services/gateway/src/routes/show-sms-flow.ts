import type { GetSmsFlowResponse } from "@bookproof/proto/agent";
import { z } from "zod";

const payload = z.record(z.string(), z.json());

/** The trace as the API shows it: traces newest last, times in RFC 3339. */
export function showSmsFlow(flow: GetSmsFlowResponse) {
  return {
    traces: flow.traces.map((trace) => ({
      id: Number(trace.id),
      tenantId: trace.tenantId,
      cid: trace.cid,
      from: trace.fromE164,
      to: trace.toE164,
      direction: trace.direction,
      stage: trace.stage,
      reason: trace.stageReason,
      payload: payload.parse(JSON.parse(trace.payloadJson || "{}")),
      service: trace.service,
      createdAt: trace.createdAt?.toISOString(),
    })),
    conversations: flow.conversations.map((conversation) => ({
      ...conversation,
      lastToolOk: conversation.lastToolOk ?? null,
      updatedAt: conversation.updatedAt?.toISOString(),
    })),
  };
}
