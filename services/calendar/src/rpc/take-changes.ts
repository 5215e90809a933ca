import { withTenant, withTransaction } from "@bookproof/postgres";
import {
  type CalendarChange,
  ChangeKind,
  type TakeChangesRequest,
  type TakeChangesResponse,
} from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type StoredChange, selectChanges, takeChanges as takeOpenChanges } from "../queries/changes.ts";

const schema = z.object({ limit: z.int().min(1, "must be 1 to 500").max(500, "must be 1 to 500") });

const kinds = {
  event: ChangeKind.CHANGE_KIND_EVENT,
  disconnected: ChangeKind.CHANGE_KIND_DISCONNECTED,
  reconnected: ChangeKind.CHANGE_KIND_RECONNECTED,
};

/** Hands out the oldest open changes of all tenants. One that is not acknowledged is handed out again after its lease. */
export const takeChanges =
  (deps: Deps) =>
  async (request: TakeChangesRequest): Promise<TakeChangesResponse> => {
    const { limit } = parseRequest(schema, request);
    const leaseMs = deps.config.google.sync.changeLeaseMs;
    const taken = await withTransaction(deps.pool, (client) => takeOpenChanges(client, { limit, leaseMs }));
    const changes: CalendarChange[] = [];
    for (const [tenantId, own] of Map.groupBy(taken, (change) => change.tenantId)) {
      const seqs = own.map(({ seq }) => seq);
      const rows = await withTenant(deps.pool, tenantId, (client) => selectChanges(client, tenantId, seqs));
      changes.push(...rows.map((row) => toChange(tenantId, row)));
    }
    return { changes: changes.sort((a, b) => (a.seq < b.seq ? -1 : 1)) };
  };

const toChange = (tenantId: string, { kind, span, ...change }: StoredChange): CalendarChange => ({
  ...change,
  tenantId,
  kind: kinds[kind],
  range: span,
});
