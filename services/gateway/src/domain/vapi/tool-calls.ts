import { z } from "zod";

/** One call of a tool as it was sent, its arguments unread. */
export interface ToolCall {
  /** Of Vapi, to be repeated exactly; "" in the seed's dialect. */
  id: string;
  /** "" where the URL alone says which tool is meant. */
  name: string;
  arguments: unknown;
}

/** How a request speaks, and so how it is answered. */
export type ToolRequest =
  | { dialect: "seed"; call: ToolCall }
  | { dialect: "vapi"; message: Record<string, unknown>; calls: ToolCall[] };

const text = z.string().catch("");
const noFunction = { name: "", arguments: undefined, parameters: undefined };

/** `{id,type,function:{name,arguments}}`, `{id,name,arguments}` and `{id,name,parameters}` alike. */
const toolCall = z
  .object({
    id: text,
    name: text,
    arguments: z.unknown().optional(),
    parameters: z.unknown().optional(),
    function: z
      .object({ name: text, arguments: z.unknown().optional(), parameters: z.unknown().optional() })
      .catch(noFunction),
  })
  .catch({ id: "", name: "", arguments: undefined, parameters: undefined, function: noFunction })
  .transform((call) => ({
    id: call.id,
    name: call.name || call.function.name,
    arguments: call.function.arguments ?? call.arguments ?? call.parameters ?? call.function.parameters,
  }));

/** In `toolWithToolCallList` the call stands beside its tool, which may be what names it. */
const toolWithCall = z
  .object({ name: text, function: z.object({ name: text }).catch({ name: "" }), toolCall })
  .catch({ name: "", function: { name: "" }, toolCall: toolCall.parse({}) })
  .transform((tool) => ({ ...tool.toolCall, name: tool.toolCall.name || tool.name || tool.function.name }));

const list = <T extends z.ZodType>(entry: T) => z.array(entry).catch([]);

const toolMessage = z.object({
  toolCallList: list(toolCall),
  toolWithToolCallList: list(toolWithCall),
  toolCalls: list(toolCall),
});

/** The calls of Vapi's `tool-calls` message, in order. The lists repeat each other: the first that has any is read. */
export function readToolCalls(message: unknown): ToolCall[] {
  const parsed = toolMessage.safeParse(message);
  if (!parsed.success) return [];
  const { toolCallList, toolWithToolCallList, toolCalls } = parsed.data;
  return [toolCallList, toolWithToolCallList, toolCalls].find((calls) => calls.length > 0) ?? [];
}

const toolBody = z.object({
  message: z.looseObject({}).optional().catch(undefined),
  toolCall: z.looseObject({}).optional().catch(undefined),
});

/** The request of a tool URL in either dialect; undefined for what is neither. */
export function readToolRequest(body: unknown): ToolRequest | undefined {
  const { message, toolCall: call } = toolBody.safeParse(body).data ?? {};
  const calls = readToolCalls(message);
  if (call && calls.length === 0) return { dialect: "seed", call: { ...toolCall.parse(call), name: "" } };
  return message && { dialect: "vapi", message, calls };
}
