import { z } from "zod";

/** The URL of each tool below `/api/vapi/tools`. */
export const vapiToolPaths = {
  check_availability: "/calendar/check",
  reserve_atomic: "/booking/reserve-atomic",
  send_otp_code: "/booking/send-otp",
  verify_otp: "/booking/verify-otp",
  send_confirmation_sms: "/booking/send-confirmation",
} as const;

export type VapiToolName = keyof typeof vapiToolPaths;

/** What a tool answered, the same for both dialects. */
export type VapiToolReply = {
  /** HTTP status. */
  status: number;
  success: boolean;
  /** The seed's fields: `slots`, `holdId`, `appointmentId` and so on; empty where there are none. */
  content: Record<string, unknown>;
  /** What the assistant would say; "" where nothing was given to say. */
  speech: string;
  /** Why it failed; "" on success. */
  error: string;
  /** The body as it came. */
  raw: unknown;
};

const content = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});
const fields = content.pipe(z.record(z.string(), z.unknown()));
const text = z.string().catch("");

const seedReply = z.object({ toolResult: z.object({ content: fields }), speech: z.string() });
const refusal = z.object({ error: z.string() });
const singleLine = z.string().regex(/^[^\r\n]*$/, "must be a single line");
const vapiReply = z.object({
  results: z.array(
    z.object({ toolCallId: z.string(), name: z.string(), result: singleLine.optional(), error: singleLine.optional() }),
  ),
});

type Answer = { status: number; raw: unknown };

/** @throws ZodError when a 200 is not of the seed's shape, which the model could do nothing with */
export function readSeedReply({ status, raw }: Answer): VapiToolReply {
  if (status !== 200) {
    const error = refusal.safeParse(raw).data?.error ?? `HTTP ${status}`;
    return { status, success: false, content: {}, speech: "", error, raw };
  }
  const { toolResult, speech } = seedReply.parse(raw);
  const success = toolResult.content.success === true;
  return { status, success, content: toolResult.content, speech, error: text.parse(toolResult.content.error), raw };
}

/**
 * The replies to several calls, in the order of their ids, as Vapi matches them.
 * @throws ZodError or Error when the answer is one that Vapi would ignore, though its status is 200
 */
export function readVapiReplies({ status, raw }: Answer, ids: string[]): VapiToolReply[] {
  if (status !== 200) {
    const error = refusal.safeParse(raw).data?.error ?? `HTTP ${status}`;
    return ids.map(() => ({ status, success: false, content: {}, speech: "", error, raw }));
  }
  const { results } = vapiReply.parse(raw);
  const answered = results.map(({ toolCallId }) => toolCallId);
  if (answered.join() !== ids.join())
    throw new Error(`Vapi asked for ${ids.join()} and was answered ${answered.join()}`);
  return results.map(({ result, error }) => {
    if (result === undefined)
      return { status, success: false, content: {}, speech: "", error: error ?? "neither result nor error", raw };
    const said = fields.parse(result);
    return { status, success: true, content: said, speech: text.parse(said.say), error: "", raw };
  });
}
