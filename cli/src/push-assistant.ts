import type { Assistant } from "@bookproof/launcher/client";
import { z } from "zod";
import { UsageError } from "./usage-error.ts";

/** The most that Vapi lists at once. */
const listLimit = 1_000;
const refusalBody = z.object({
  message: z.union([z.string(), z.array(z.string()).transform((all) => all.join("; "))]),
});

export type VapiAccount = {
  apiKey: string;
  /** Vapi's own where it is undefined. */
  baseUrl: string | undefined;
};

/**
 * Creates the assistant at Vapi, or updates the one of its name.
 * @throws UsageError with what Vapi refused, or when several assistants have that name
 */
export async function pushAssistant(
  account: VapiAccount,
  assistant: Assistant,
): Promise<{ id: string; created: boolean }> {
  // Only here: loading it takes longer than all the rest of the command.
  const { VapiClient, VapiError } = await import("@vapi-ai/server-sdk");
  const { assistants } = new VapiClient({
    token: account.apiKey,
    ...(account.baseUrl === undefined ? {} : { baseUrl: account.baseUrl }),
    timeoutInSeconds: 30,
    // A creation whose answer was lost must not be tried again unseen.
    maxRetries: 0,
  });
  try {
    const [known, another] = (await assistants.list({ limit: listLimit })).filter(
      ({ name }) => name === assistant.name,
    );
    if (another) throw new UsageError(`Vapi has several assistants named "${assistant.name}": delete all but one.`);
    if (known === undefined) return { id: (await assistants.create(assistant)).id, created: true };
    return { id: (await assistants.update({ ...assistant, id: known.id })).id, created: false };
  } catch (error) {
    if (!(error instanceof VapiError)) throw error;
    const { statusCode, body } = error;
    if (statusCode === undefined) throw new UsageError("Vapi cannot be reached.");
    const says = refusalBody.safeParse(body).data?.message.replace(/\s+/g, " ");
    throw new UsageError(`Vapi refused with ${statusCode}${says ? `: ${says}` : "."}`);
  }
}
