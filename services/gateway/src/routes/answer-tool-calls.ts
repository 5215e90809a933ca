import { BookproofError, hasReason, reasons } from "@bookproof/errors";
import type { Caller } from "@bookproof/proto/agent";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { type VapiResult, vapiError, vapiResult } from "../domain/vapi/tool-answer.ts";
import { tenantNamedBy } from "../domain/vapi/tool-arguments.ts";
import type { ToolCall } from "../domain/vapi/tool-calls.ts";
import { isToolName, type ToolName } from "../domain/vapi/tool-names.ts";
import type { RunVapiTool } from "./run-vapi-tool.ts";
import { callerOf } from "./vapi-request.ts";

/** A turn of a conversation asks for a few; more is no conversation. */
const maxCalls = 20;

/**
 * Answers Vapi's `tool-calls` message: one result a call, in their order, whatever becomes of each. They run one after
 * the other, since a later one may build on an earlier one.
 * @param request.tool what the URL means where a call's name is none of ours; absent at the webhook
 */
export async function answerToolCalls(
  deps: Deps,
  run: RunVapiTool,
  request: { owners: TenantConnection[]; message: unknown; calls: ToolCall[]; tool?: ToolName },
): Promise<{ results: VapiResult[] }> {
  const { owners, message, calls, tool } = request;
  const tenantId = calls.map((call) => tenantNamedBy(call.arguments)).find(Boolean) ?? "";
  const asked = calls.map(({ name }) => name).find(isToolName);
  const named = { tenantId, tool: tool ?? asked ?? "" };
  const caller = await callerOf(deps, owners, message, named).catch((error: unknown) => {
    if (hasReason(error, "tenant_not_found")) return undefined;
    throw error;
  });
  // Vapi ignores every other status than 200: the model would hear nothing at all.
  if (!caller) return { results: calls.map((call) => vapiError(call, reasons.tenant_not_found.says)) };
  const results: VapiResult[] = [];
  for (const [index, call] of calls.entries()) {
    const meant = isToolName(call.name) ? call.name : tool;
    if (index >= maxCalls) results.push(vapiError(call, "too many tool calls in one message."));
    else if (!meant) results.push(vapiError(call, "there is no tool of that name."));
    else results.push(await answerOne(run, caller, meant, call));
  }
  return { results };
}

async function answerOne(run: RunVapiTool, caller: Caller, tool: ToolName, call: ToolCall): Promise<VapiResult> {
  const named = { id: call.id, name: call.name || tool };
  try {
    return vapiResult(named, tool, await run(caller, tool, call.arguments));
  } catch (error) {
    if (error instanceof BookproofError && error.reason === "invalid_argument") return vapiError(named, error.message);
    throw error;
  }
}
