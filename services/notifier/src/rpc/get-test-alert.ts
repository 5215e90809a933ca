import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { GetTestAlertRequest, GetTestAlertResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { escalationRef } from "../domain/escalation-identity.ts";
import { testAlertKey } from "../domain/test-alert.ts";
import { selectMessageByKey } from "../queries/messages.ts";
import { tenantId } from "./fields.ts";

const schema = z.object({ tenantId, testAlertId: z.guid() });

/** @throws BookproofError `test_alert_not_found` */
export const getTestAlert =
  (deps: Deps) =>
  async (request: GetTestAlertRequest): Promise<GetTestAlertResponse> => {
    const { tenantId: tenant, testAlertId } = parseRequest(schema, request);
    const key = testAlertKey(testAlertId);
    const message = await withTenant(deps.pool, tenant, (client) => selectMessageByKey(client, tenant, key));
    if (!message) throw new BookproofError("test_alert_not_found");
    return {
      status: message.status,
      errorCode: message.errorCode,
      error: message.error ?? "",
      phoneEnding: message.to.slice(-4),
      ref: escalationRef(tenant, testAlertId),
    };
  };
