import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { ResolveConversationRequest, ResolveConversationResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { settleByHuman } from "../queries/conversations.ts";
import { tenantsOfCid } from "../queries/tenants-of-journey.ts";

const schema = z.object({ tenantId: z.union([z.guid(), z.literal("")]), cid: z.string().min(1).max(100) });

/** Ends the pause of a conversation whose matter a human has settled. @throws BookproofError `conversation_not_found`. */
export const resolveConversation =
  (deps: Deps) =>
  async (request: ResolveConversationRequest): Promise<ResolveConversationResponse> => {
    const { tenantId, cid } = parseRequest(schema, request);
    const candidates = tenantId ? [tenantId] : await tenantsOfCid(deps.pool, cid);
    for (const candidate of candidates) {
      const settled = await withTenant(deps.pool, candidate, (client) => settleByHuman(client, candidate, cid));
      if (settled) return { tenantId: candidate, ...settled };
    }
    throw new BookproofError("conversation_not_found");
  };
