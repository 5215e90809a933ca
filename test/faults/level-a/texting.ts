import { setTimeout as sleep } from "node:timers/promises";
import { DateTime } from "luxon";
import type { Story } from "./story.ts";

/** How long a customer waits for an answer before they give up, in milliseconds. */
const patienceMs = 6_000;
const tries = 9;

/** What the customer's phone has received, oldest first. */
export const received = ({ world }: Story, customer: string): string[] =>
  world.twilio.ledger.messages({ to: customer, direction: "outbound" }).map(({ body }) => body);

/** Sends a text as Twilio does. One that nobody takes in is left to the sweep. */
export async function text(story: Story, from: string, body: string, messageSid = newSid()): Promise<void> {
  const { world, tenant } = story;
  const { status } = await world.twilio.sendInbound({ from, to: tenant.business, body, messageSid });
  if (status === null || status >= 300) story.note(`webhook answered ${status ?? "nothing"}`);
}

export const newSid = (): string => `SM${crypto.randomUUID().replaceAll("-", "")}`;

/** Waits for a text beyond the first `before`. @returns undefined where the customer lost patience. */
export async function nextText(
  story: Story,
  customer: string,
  before: number,
  withinMs: number = patienceMs,
): Promise<string | undefined> {
  for (const until = performance.now() + withinMs; performance.now() < until; await sleep(25)) {
    const body = received(story, customer)[before];
    if (body !== undefined) return body;
  }
  return undefined;
}

/** Sends a text and waits for the next one back. */
export async function ask(story: Story, customer: string, body: string): Promise<string | undefined> {
  const before = received(story, customer).length;
  await text(story, customer, body);
  return nextText(story, customer, before);
}

/** The wish of a plan in a customer's words, `shift` half hours later. */
export function wish({ plan }: Story, shift = 0): string {
  const { days, minutes } = plan.wanted;
  const start = DateTime.now()
    .setZone("America/New_York")
    .startOf("day")
    .plus({ days })
    .set({ hour: 9 })
    .plus({ minutes: (minutes + 30 * shift) % 480 });
  return `Can I book a consultation on ${start.toFormat("LLLL d 'at' h:mm a")}?`;
}

/** Answers what is asked until the summary asks for CONFIRM. @returns false where the customer gave up, or a human took over. */
export async function reachSummary(story: Story, customer: string, request: string): Promise<boolean> {
  let answer = await ask(story, customer, request);
  for (let turn = 0; turn < tries; turn++) {
    if (answer === undefined || /human/i.test(answer)) return false;
    if (/Reply CONFIRM/.test(answer)) return true;
    answer = await ask(story, customer, replyTo(answer, request));
  }
  return false;
}

function replyTo(answer: string, request: string): string {
  if (/your name/i.test(answer)) return "Jane Roe";
  if (/address/i.test(answer)) return "12 Main St";
  return /1\) /.test(answer) ? "1" : request;
}
