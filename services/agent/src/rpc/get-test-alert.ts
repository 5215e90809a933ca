import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { GetTestAlertRequest, GetTestAlertResponse } from "@bookproof/proto/agent";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectTestAlert } from "../queries/test-alerts.ts";

const schema = z.object({ tenantId: z.guid(), testAlertId: z.guid() });

/** @throws BookproofError `test_alert_not_found` */
export const getTestAlert =
  (deps: Deps) =>
  async (request: GetTestAlertRequest): Promise<GetTestAlertResponse> => {
    const { tenantId, testAlertId } = parseRequest(schema, request);
    const alert = await withTenant(deps.pool, tenantId, (client) => selectTestAlert(client, tenantId, testAlertId));
    if (!alert) throw new BookproofError("test_alert_not_found");
    return { acknowledgedAt: alert.acknowledgedAt ?? undefined };
  };
