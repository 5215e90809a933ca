import { reasonOf } from "@bookproof/errors";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { readCallReport } from "../domain/vapi/call-report.ts";
import { readToolCalls } from "../domain/vapi/tool-calls.ts";
import { answerToolCalls } from "./answer-tool-calls.ts";
import type { RunVapiTool } from "./run-vapi-tool.ts";
import { callerOf, type VapiRequest } from "./vapi-request.ts";

/** Vapi hangs up on an assistant-request after 7.5 s. */
const assistantMs = 5_000;
/** A report comes once; Vapi waits 20 s for the answer. */
const reportMs = 15_000;

const webhookBody = z.object({ message: z.looseObject({ type: z.string() }) });
const assistant = z.looseObject({});

const noAssistant = {
  error: "I'm sorry, our booking line is not available right now. Please call again in a few minutes.",
};

/** Answers Vapi's server messages by their type; those that ask for nothing are answered `{}` and nothing is stored. */
export async function answerWebhook(deps: Deps, run: RunVapiTool, { owners, body }: VapiRequest): Promise<object> {
  const { message } = webhookBody.safeParse(body).data ?? {};
  const caller = () => callerOf(deps, owners, message, { tenantId: "", tool: message?.type ?? "" });
  switch (message?.type) {
    case "tool-calls":
      return answerToolCalls(deps, run, { owners, message, calls: readToolCalls(message) });
    case "assistant-request":
      return describeAssistant(deps, caller);
    case "end-of-call-report":
      return recordCallEnd(deps, await caller(), message);
    default:
      return {};
  }
}

type Caller = Awaited<ReturnType<typeof callerOf>>;

/** Whatever fails is spoken: of another status than 200 the caller would hear nothing. */
async function describeAssistant(deps: Deps, findCaller: () => Promise<Caller>): Promise<object> {
  let caller: Caller | undefined;
  try {
    caller = await findCaller();
    const request = { caller, baseUrl: deps.config.publicUrl };
    const { assistantJson } = await deps.agent.describeAssistant(request, { deadline: assistantMs });
    return { assistant: assistant.parse(JSON.parse(assistantJson)) };
  } catch (error) {
    deps.logger.error(
      { err: error, tenantId: caller?.tenantId, callId: caller?.callId },
      `[VAPI_NO_ASSISTANT] a call is turned away: ${reasonOf(error)}`,
    );
    return noAssistant;
  }
}

async function recordCallEnd(deps: Deps, caller: Caller, message: unknown): Promise<object> {
  const { tenantId, callId } = caller;
  if (!callId) {
    deps.logger.warn({ tenantId }, "[VAPI_REPORT_DROPPED] an end-of-call report names no call");
    return {};
  }
  await deps.agent.recordCallEnd({ caller, ...readCallReport(message, new Date()) }, { deadline: reportMs });
  return {};
}
