import { withTenant } from "@bookproof/postgres";
import type { ListMissingSmsRequest, ListMissingSmsResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectMissingSids } from "../queries/inbound-messages.ts";

const schema = z.object({ tenantId: z.guid(), messageSids: z.array(z.string().min(1).max(64)).max(1_000) });

/** Which of some texts were never taken in. */
export const listMissingSms =
  (deps: Deps) =>
  async (request: ListMissingSmsRequest): Promise<ListMissingSmsResponse> => {
    const { tenantId, messageSids } = parseRequest(schema, request);
    const missing = await withTenant(deps.pool, tenantId, (client) => selectMissingSids(client, tenantId, messageSids));
    return { messageSids: missing };
  };
