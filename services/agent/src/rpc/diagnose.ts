import { checkDatabase } from "@bookproof/postgres";
import type { DiagnoseRequest, DiagnoseResponse } from "@bookproof/proto/agent";
import type { Check } from "@bookproof/proto/doctor";
import { checksOf, okCheck, parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { describeAssistant } from "./describe-assistant.ts";

const schema = z.object({ tenantId: z.guid() });
const withinMs = 6_000;

/** What a tenant needs of the agent. Nothing is changed. */
export const diagnose =
  (deps: Deps) =>
  async (request: DiagnoseRequest): Promise<DiagnoseResponse> => {
    const { tenantId } = parseRequest(schema, request);
    const { pool, logger } = deps;
    const checks = await Promise.all([
      checkDatabase(pool, { service: "the agent", logger }),
      checkAssistant(deps, tenantId),
    ]);
    return { checks: checks.flat() };
  };

/** The address is none of ours: only whether the assistant can be described is asked. */
function checkAssistant(deps: Deps, tenantId: string): Promise<Check[]> {
  const caller = { tenantId, callId: "", callerPhone: "", calledPhone: "" };
  const whatToDo = "Look at the log of the agent and of booking; then apply the tenant file again.";
  return checksOf("voice assistant", { whatToDo, withinMs, logger: deps.logger }, async () => {
    await describeAssistant(deps)({ caller, baseUrl: "https://example.com" });
    return okCheck("voice assistant", "Its prompt and its five tools can be described.");
  });
}
