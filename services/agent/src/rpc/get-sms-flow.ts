import { withTenant } from "@bookproof/postgres";
import type { GetSmsFlowRequest, GetSmsFlowResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectConversationStages, selectTraces } from "../queries/sms-flow.ts";
import { tenantsOfCid, tenantsOfPhone } from "../queries/tenants-of-journey.ts";

const schema = z.object({
  tenantId: z.union([z.guid(), z.literal("")]),
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
    const { tenantId, subject, limit } = parseRequest(schema, request);
    const find = subject.$case === "cid" ? tenantsOfCid : tenantsOfPhone;
    const tenants = tenantId ? [tenantId] : await find(deps.pool, subject.value);
    const answers = await Promise.all(
      tenants.map((tenant) =>
        withTenant(deps.pool, tenant, async (client) => ({
          traces: await selectTraces(client, tenant, subject, limit || 200),
          conversations: await selectConversationStages(client, tenant, subject),
        })),
      ),
    );
    const traces = answers.flatMap((answer) => answer.traces).sort((a, b) => Number(a.id - b.id));
    return { traces: traces.slice(-(limit || 200)), conversations: answers.flatMap((answer) => answer.conversations) };
  };
