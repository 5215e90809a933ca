import { withTenant } from "@bookproof/postgres";
import type { OpenTestAlertRequest, OpenTestAlertResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { insertTestAlert } from "../queries/test-alerts.ts";

const schema = z.object({
  tenantId: z.guid(),
  testAlertId: z.guid(),
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164"),
});

/** Kept before the alert leaves: its reply may be quick. */
export const openTestAlert =
  (deps: Deps) =>
  async (request: OpenTestAlertRequest): Promise<OpenTestAlertResponse> => {
    const { tenantId, testAlertId: id, phone } = parseRequest(schema, request);
    await withTenant(deps.pool, tenantId, (client) => insertTestAlert(client, { tenantId, id, phone }));
    return {};
  };
