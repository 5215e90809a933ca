import { reasonRow } from "@bookproof/errors";
import { notDone, type ToolName } from "./tool-names.ts";

/** What a tool answers, before a dialect words it. */
export interface ToolAnswer {
  success: boolean;
  /** The seed's own fields beside `success` and `error`. */
  fields: Record<string, unknown>;
  /** The seed's `error` text; "" on success and where a field says it all. */
  error: string;
  /** What the assistant may say. */
  speech: string;
}

/** `{"toolResult":{"content":"<JSON>"},"speech":"…"}` of seed 002. */
export function seedAnswer(answer: ToolAnswer): { toolResult: { content: string }; speech: string } {
  return { toolResult: { content: JSON.stringify(contentOf(answer)) }, speech: singleLine(answer.speech) };
}

export type VapiResult = { toolCallId: string; name: string } & ({ result: string } | { error: string });

/** One entry of Vapi's `results`. A failure is an `error` that says plainly what did not happen, or the model takes it for progress. */
export function vapiResult(call: { id: string; name: string }, tool: ToolName, answer: ToolAnswer): VapiResult {
  const { id, name } = call;
  if (answer.success) {
    const content = { ...contentOf(answer), say: singleLine(answer.speech) };
    return { toolCallId: id, name, result: singleLine(JSON.stringify(content)) };
  }
  const detail = [...new Set([asSentence(answer.error), answer.speech])].filter(Boolean).join(" ");
  return vapiError(call, `${notDone[tool]}. ${detail}`);
}

/** A call that came to nothing, in Vapi's words. */
export function vapiError({ id, name }: { id: string; name: string }, sentence: string): VapiResult {
  return { toolCallId: id, name, error: singleLine(`NOT BOOKED: ${sentence}`) };
}

/** A failure in words of our own. @param error the seed's `error` text */
export function failedAnswer(tool: ToolName, error: string, next: string): ToolAnswer {
  return { success: false, fields: {}, error, speech: `I'm sorry, ${notDone[tool]}. ${next}`.trim() };
}

/** The `error` text of an outcome: its own, else its reason's sentence. */
export function errorText(outcome: { success: boolean; error: string; reason: string }): string {
  if (outcome.success) return "";
  return outcome.error || (reasonRow(outcome.reason)?.says ?? "It did not work.");
}

function contentOf({ success, fields, error }: ToolAnswer): Record<string, unknown> {
  return { success, ...fields, ...(error ? { error: singleLine(error) } : {}) };
}

/** Vapi ignores a result with a line break in it. */
function singleLine(text: string): string {
  return text.replace(/\s*[\r\n\v\f\u0085\u2028\u2029]+\s*/g, " ").trim();
}

function asSentence(text: string): string {
  return text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
}
