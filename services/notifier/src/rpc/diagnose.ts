import { checkDatabase } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Check } from "@bookproof/proto/doctor";
import type { DiagnoseRequest, DiagnoseResponse } from "@bookproof/proto/notifier";
import { checksOf, parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { checkMail, checkOwner } from "../diagnosis/check-owner.ts";
import { checkAccount, checkNumbers, checkTwilioClock } from "../diagnosis/check-twilio.ts";
import { tenantId } from "./fields.ts";

const schema = z.object({ tenantId });
const withinMs = 11_000;
const whatToDo = "Look at the log of the notifier, and run this again.";

/** What a tenant needs of the notifier. Nothing is sent and nothing is changed. */
export const diagnose =
  (deps: Deps) =>
  async (request: DiagnoseRequest): Promise<DiagnoseResponse> => {
    const { tenantId: tenant } = parseRequest(schema, request);
    const options = { whatToDo: "Look at booking, which knows the tenants.", withinMs, logger: deps.logger };
    const ofTenant = checksOf("tenant", options, async () =>
      checkTenant(deps, await deps.connections.getFresh(tenant)),
    );
    return {
      checks: (
        await Promise.all([checkDatabase(deps.pool, { service: "the notifier", logger: deps.logger }), ofTenant])
      ).flat(),
    };
  };

async function checkTenant(deps: Deps, connection: TenantConnection): Promise<Check[]> {
  const options = { whatToDo, withinMs, logger: deps.logger };
  const checks = await Promise.all([
    checksOf("Twilio account", options, async () => {
      const account = await checkAccount(deps, connection);
      return [account, ...(await checkNumbers(deps, connection, account))];
    }),
    checkTwilioClock(deps),
    checksOf("owner's phone", options, () => checkOwner(deps, connection)),
    checksOf("mail", options, () => checkMail(deps, connection)),
  ]);
  return checks.flat();
}
