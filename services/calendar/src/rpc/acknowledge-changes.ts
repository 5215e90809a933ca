import { withTenant } from "@bookproof/postgres";
import type { AcknowledgeChangesRequest, AcknowledgeChangesResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { acknowledgeChanges as acknowledge } from "../queries/changes.ts";
import { tenantId } from "./request-fields.ts";

const schema = z.object({
  changes: z.array(z.object({ tenantId, seq: z.bigint() })).max(500, "must be 500 at most"),
});

/** Notes changes as acted on; one that is not there, or is acknowledged, is none to note. */
export const acknowledgeChanges =
  (deps: Deps) =>
  async (request: AcknowledgeChangesRequest): Promise<AcknowledgeChangesResponse> => {
    const { changes } = parseRequest(schema, request);
    for (const [tenant, own] of Map.groupBy(changes, (change) => change.tenantId)) {
      const seqs = own.map(({ seq }) => seq);
      await withTenant(deps.pool, tenant, (client) => acknowledge(client, tenant, seqs));
    }
    return {};
  };
