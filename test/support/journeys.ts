import { eventually } from "@bookproof/testing";
import { z } from "zod";
import type { InProcessWorld } from "./in-process-world.ts";

const flowSchema = z.object({
  traces: z.array(z.looseObject({ cid: z.string(), stage: z.string(), reason: z.string().nullish() })),
  conversations: z.array(
    z.looseObject({ cid: z.string(), stage: z.string(), stageReason: z.string().nullish(), needsHuman: z.boolean() }),
  ),
});
export type Flow = z.infer<typeof flowSchema>;

/** What the debug endpoint tells of a customer's journeys. */
export async function flowOf(world: InProcessWorld, customer: string): Promise<Flow> {
  const answer = await world.get(`/api/debug/sms-flow?phone=${encodeURIComponent(customer)}`);
  if (!answer.ok) throw new Error(`the debug endpoint answered ${answer.status}`);
  return flowSchema.parse(await answer.json());
}

/** Waits until the customer's conversation waits for a human. */
export const untilNeedsHuman = (world: InProcessWorld, customer: string): Promise<Flow> =>
  eventually(`needs_human for ${customer}`, async () => {
    const flow = await flowOf(world, customer);
    return flow.conversations[0]?.needsHuman && flow;
  });

/** Leads a customer from the first text up to the summary that asks for CONFIRM. */
export async function reachSummary(
  world: InProcessWorld,
  customer: string,
  business: string,
  request: string,
): Promise<string> {
  await world.ask(customer, business, request);
  const afterChoice = await world.ask(customer, business, "1");
  if (!/your name/i.test(afterChoice)) throw new Error(`expected the question for the name, got: ${afterChoice}`);
  const afterName = await world.ask(customer, business, "Jane Roe");
  return /address/i.test(afterName) && !/Reply CONFIRM/.test(afterName)
    ? world.ask(customer, business, "12 Main St")
    : afterName;
}
