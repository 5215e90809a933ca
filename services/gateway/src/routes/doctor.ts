import type { Check } from "@bookproof/proto/doctor";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { examineTenant } from "../doctor/examine-tenant.ts";
import { readTestAlert } from "../doctor/read-test-alert.ts";
import { tenantScope } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";

interface OfTenant {
  Params: { id: string };
}

const alertId = z.object({ testAlertId: z.guid("must be a UUID") });

/** Whether a tenant is ready for its first customer, for its admin and for a platform owner. */
export const doctorRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.post<OfTenant>("/api/admin/tenants/:id/doctor", async (request) => {
    const tenantId = tenantScope(principalOf(request), request.params.id.toLowerCase());
    const { tenant, parts, testAlertId } = await examineTenant(deps, app, tenantId);
    return {
      tenant,
      parts: parts.map(({ part, checks }) => ({ part, checks: checks.map(showCheck) })),
      testAlertId: testAlertId ?? null,
    };
  });

  app.get<OfTenant>("/api/admin/tenants/:id/doctor/:testAlertId", async (request) => {
    const tenantId = tenantScope(principalOf(request), request.params.id.toLowerCase());
    const { testAlertId } = parseRequest(alertId, request.params);
    const { delivery, ...state } = await readTestAlert(deps, tenantId, testAlertId);
    return { ...state, delivery: showCheck(delivery) };
  });
};

/** A check as the API shows it: its status is "ok", "warning", "failed" or "skipped". */
function showCheck({ name, status, detail, whatToDo }: Check) {
  return { name, status: status.replace("CHECK_STATUS_", "").toLowerCase(), detail, whatToDo };
}
