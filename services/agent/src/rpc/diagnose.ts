import type { DiagnoseRequest, DiagnoseResponse } from "@bookproof/proto/agent";
import type { Check } from "@bookproof/proto/doctor";
import { checkClock, checksOf, okCheck, parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectClock } from "../queries/database-clock.ts";
import { describeAssistant } from "./describe-assistant.ts";

const schema = z.object({ tenantId: z.guid() });
const withinMs = 6_000;

/** What a tenant needs of the agent. Nothing is changed. */
export const diagnose =
  (deps: Deps) =>
  async (request: DiagnoseRequest): Promise<DiagnoseResponse> => {
    const { tenantId } = parseRequest(schema, request);
    return { checks: (await Promise.all([checkDatabase(deps), checkAssistant(deps, tenantId)])).flat() };
  };

function checkDatabase(deps: Deps): Promise<Check[]> {
  const whatToDo = "Look at Postgres, and at DATABASE_URL of the agent.";
  return checksOf("database", { whatToDo, withinMs, logger: deps.logger }, async () => {
    const clock = await checkClock({ clock: "the database's", service: "the agent" }, async () => ({
      at: await selectClock(deps.pool),
      precisionMs: 0,
    }));
    return [okCheck("database", "It answers."), clock];
  });
}

/** The address is none of ours: only whether the assistant can be described is asked. */
function checkAssistant(deps: Deps, tenantId: string): Promise<Check[]> {
  const caller = { tenantId, callId: "", callerPhone: "", calledPhone: "" };
  const whatToDo = "Look at the log of the agent and of booking; then apply the tenant file again.";
  return checksOf("voice assistant", { whatToDo, withinMs, logger: deps.logger }, async () => {
    await describeAssistant(deps)({ caller, baseUrl: "https://example.com" });
    return okCheck("voice assistant", "Its prompt and its five tools can be described.");
  });
}
