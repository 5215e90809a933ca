import { withTenant } from "@bookproof/postgres";
import type { RecordOptOutRequest, RecordOptOutResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { upsertOptOut } from "../queries/opt-outs.ts";
import { e164, tenantId } from "./fields.ts";

const schema = z.object({
  tenantId,
  phone: e164,
  optedOut: z.boolean(),
  keyword: z.string().max(40),
  messageSid: z.string().max(64),
  receivedAt: z.date().optional(),
});

/** Records STOP or START; the newest word by `received_at` stands. */
export const recordOptOut =
  (deps: Deps) =>
  async (request: RecordOptOutRequest): Promise<RecordOptOutResponse> => {
    const { tenantId: tenant, receivedAt = new Date(), ...optOut } = parseRequest(schema, request);
    await withTenant(deps.pool, tenant, (client) => upsertOptOut(client, tenant, { ...optOut, changedAt: receivedAt }));
    return {};
  };
