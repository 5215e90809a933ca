import type { DiagnoseRequest, DiagnoseResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { checkDatabase } from "../diagnosis/check-database.ts";
import { checkKafka } from "../diagnosis/check-kafka.ts";
import { checkOfferings } from "../diagnosis/check-openings.ts";

const schema = z.object({ tenantId: z.guid() });

/** What a tenant needs of booking. Nothing is changed but the time at which the tenant's row was written. */
export const diagnose =
  (deps: Deps) =>
  async (request: DiagnoseRequest): Promise<DiagnoseResponse> => {
    const { tenantId } = parseRequest(schema, request);
    const checks = await Promise.all([checkDatabase(deps, tenantId), checkOfferings(deps, tenantId), checkKafka(deps)]);
    return { checks: checks.flat() };
  };
