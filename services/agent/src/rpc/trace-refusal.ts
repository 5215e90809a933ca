import { withTenant } from "@bookproof/postgres";
import type { TraceRefusalRequest, TraceRefusalResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { callerSchema, findCall, ownCid } from "../calls/open-call.ts";
import type { Deps } from "../deps.ts";

const schema = z.object({ caller: callerSchema, reason: z.string().min(1).max(100), tool: z.string().max(100) });

/** One trace row of a voice request that was refused before it reached a tool. */
export const traceRefusal =
  (deps: Deps) =>
  async (request: TraceRefusalRequest): Promise<TraceRefusalResponse> => {
    const { caller, reason, tool } = parseRequest(schema, request);
    const { tenantId, callId, callerPhone } = caller;
    const call = await withTenant(deps.pool, tenantId, (client) => findCall(client, { caller }));
    await deps.traceSmsFlow({
      tenantId,
      cid: call?.cid ?? ownCid(tenantId, callId),
      from: call?.customerPhone || callerPhone,
      direction: "internal",
      stage: "SKIP",
      reason,
      payload: { tool },
    });
    return {};
  };
