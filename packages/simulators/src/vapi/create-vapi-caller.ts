import { randomUUID } from "node:crypto";
import { credentialHeaders, type VapiCallerCredential } from "./credential.ts";
import { readSeedReply, readVapiReplies, type VapiToolName, type VapiToolReply, vapiToolPaths } from "./tool-reply.ts";

export type VapiCallerOptions = {
  /** The gateway's, without a slash at its end. */
  baseUrl: string;
  credential: VapiCallerCredential;
  /** The seed's `{"toolCall":…}`, or Vapi's own `{"message":{"type":"tool-calls",…}}`. */
  dialect: "seed" | "vapi";
  /** E.164, the customer. */
  callerNumber: string;
  /** E.164, the business number that is called. */
  calledNumber: string;
  /** A new one by default. */
  callId?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
};

export type VapiToolRequest = { name: VapiToolName; args: Record<string, unknown> };

/** How a call went; what is left out is left out of the report too. */
export type VapiCallEnd = {
  transcript?: string;
  startedAt?: Date;
  endedAt?: Date;
  endedReason?: string;
  recordingUrl?: string;
  summary?: string;
  structuredData?: Record<string, unknown>;
};

/** One request and its answer; status 0 where nobody answered. Times are milliseconds since the epoch. */
export type VapiExchange = {
  path: string;
  sent: object;
  status: number;
  answered: unknown;
  sentAt: number;
  answeredAt: number;
};

/** One telephone call as Vapi plays it to a server. */
export type VapiCaller = {
  call: { id: string };
  /** One tool at its own URL; each call has a new id, as when the model asks again. */
  tool(name: VapiToolName, args: Record<string, unknown>): Promise<VapiToolReply>;
  /** Several tools in one message to the webhook; in the seed's dialect, which has none, one after the other. */
  several(calls: VapiToolRequest[]): Promise<VapiToolReply[]>;
  /** What the server wants the assistant to be, before it answers the phone. */
  assistantRequest(): Promise<{ status: number; raw: unknown }>;
  /** Posts the end-of-call-report; the same again when called again. */
  hangUp(end?: VapiCallEnd): Promise<{ status: number; raw: unknown }>;
  /** What was sent and answered, oldest first. */
  ledger(): VapiExchange[];
};

const webhook = "/api/vapi/webhook";
/** Vapi's default for a server. */
const timeoutMs = 20_000;

/** A caller whose telephone call has just begun. Nothing is sent before it is asked for. */
export function createVapiCaller(options: VapiCallerOptions): VapiCaller {
  const { baseUrl, credential, dialect, now = Date.now } = options;
  const exchanges: VapiExchange[] = [];
  const id = options.callId ?? randomUUID();
  const began = now();
  const call = {
    id,
    orgId: "00000000-0000-4000-8000-0000000000aa",
    type: "inboundPhoneCall",
    customer: { number: options.callerNumber },
    phoneNumber: { number: options.calledNumber },
  };

  async function post(path: string, sent: object): Promise<{ status: number; raw: unknown }> {
    const sentAt = now();
    const body = JSON.stringify(sent);
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...credentialHeaders(credential, body, sentAt) },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const { status } = response;
      const raw: unknown = await response.json();
      exchanges.push({ path, sent, status, answered: raw, sentAt, answeredAt: now() });
      return { status, raw };
    } catch (error) {
      exchanges.push({ path, sent, status: 0, answered: undefined, sentAt, answeredAt: now() });
      throw error;
    }
  }

  async function toolCalls(path: string, requests: VapiToolRequest[]): Promise<VapiToolReply[]> {
    const toolCallList = requests.map(({ name, args }) => ({
      id: `call_${randomUUID()}`,
      type: "function",
      function: { name, arguments: args },
    }));
    const toolWithToolCallList = toolCallList.map((toolCall) => ({
      type: "function",
      name: toolCall.function.name,
      toolCall,
    }));
    const message = { type: "tool-calls", timestamp: now(), call, toolCallList, toolWithToolCallList };
    const ids = toolCallList.map((toolCall) => toolCall.id);
    return readVapiReplies(await post(path, { message }), ids);
  }

  async function tool(name: VapiToolName, args: Record<string, unknown>): Promise<VapiToolReply> {
    const path = `/api/vapi/tools${vapiToolPaths[name]}`;
    if (dialect === "seed") return readSeedReply(await post(path, { toolCall: { arguments: args } }));
    const [reply] = await toolCalls(path, [{ name, args }]);
    if (reply === undefined) throw new Error("one call was sent, and none was answered");
    return reply;
  }

  return {
    call: { id },
    tool,
    async several(requests) {
      if (dialect === "vapi") return toolCalls(webhook, requests);
      const replies: VapiToolReply[] = [];
      for (const { name, args } of requests) replies.push(await tool(name, args));
      return replies;
    },
    assistantRequest: () => post(webhook, { message: { type: "assistant-request", timestamp: now(), call } }),
    hangUp({ transcript, recordingUrl, summary, structuredData, ...end } = {}) {
      const message = {
        type: "end-of-call-report",
        timestamp: now(),
        call,
        endedReason: end.endedReason ?? "customer-ended-call",
        startedAt: (end.startedAt ?? new Date(began)).toISOString(),
        endedAt: (end.endedAt ?? new Date(now())).toISOString(),
        artifact: { transcript, recordingUrl },
        analysis: { summary, structuredData },
      };
      return post(webhook, { message });
    },
    ledger: () => [...exchanges],
  };
}
