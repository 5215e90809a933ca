import { withTenant } from "@bookproof/postgres";
import type { ConversationStage, FlowTrace, GetSmsFlowRequest, GetSmsFlowResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectConversationStages, selectTraces } from "../queries/sms-flow.ts";
import { tenantsOfCid, tenantsOfPhone } from "../queries/tenants-of-journey.ts";

/** How many trace rows are answered where the caller names no number. */
const defaultLimit = 200;

const schema = z.object({
  // Traces hold it as text, in lower case.
  tenantId: z.union([z.guid().toLowerCase(), z.literal("")]),
  subject: z.discriminatedUnion("$case", [
    z.object({ $case: z.literal("cid"), value: z.string().min(1).max(100) }),
    z.object({ $case: z.literal("phone"), value: z.string().min(1).max(30) }),
  ]),
  limit: z.int().min(0).max(1000),
});

/** The trace of journeys, newest last, with the stage fields of their conversations. */
export const getSmsFlow =
  (deps: Deps) =>
  async (request: GetSmsFlowRequest): Promise<GetSmsFlowResponse> => {
    const { tenantId, subject, limit: asked } = parseRequest(schema, request);
    const limit = asked || defaultLimit;
    const find = subject.$case === "cid" ? tenantsOfCid : tenantsOfPhone;
    const traces: FlowTrace[] = [];
    const conversations: ConversationStage[] = [];
    // One after the other: a look at many tenants takes no more than one connection from those that answer customers.
    for (const tenant of tenantId ? [tenantId] : await find(deps.pool, subject.value)) {
      await withTenant(deps.pool, tenant, async (client) => {
        traces.push(...(await selectTraces(client, tenant, subject, limit)));
        conversations.push(...(await selectConversationStages(client, tenant, subject)));
      });
    }
    return { traces: traces.sort(byAge).slice(-limit), conversations };
  };

const byAge = (a: FlowTrace, b: FlowTrace) =>
  (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0) || Number(a.id - b.id);
