import { setTimeout as delay } from "node:timers/promises";
import type { Business } from "./businesses.ts";
import type { JourneyEnd, Measurements } from "./measurements.ts";
import type { SoakWorld } from "./soak-world.ts";

export interface Customer {
  phone: string;
  business: Business;
  /** How many days ahead they want to come. */
  daysAhead: number;
  /** Which of the offered times they take, from 0. */
  pick: number;
}

/** What a customer answers to a text; undefined: they wait for another one. */
const answers: readonly [RegExp, ((customer: Customer) => string) | JourneyEnd | undefined][] = [
  [/all set/i, "booked"],
  [/human will text|hit a snag/i, "escalated"],
  [/finalizing/i, undefined],
  [/Reply CONFIRM/, () => "CONFIRM"],
  [/your name/i, () => "Jane Roe"],
  [/1\) /, ({ pick }) => String(pick + 1)],
];

/** Longer talks than this go round in circles. */
const mostTexts = 15;
/** A customer who hears nothing writes again after so long, as often as this. */
const againAfterMs = 5_000;
const mostTries = 3;

/** A customer who texts until they are booked, told that a human comes, or turned away. */
export async function playSmsJourney(
  world: SoakWorld,
  seen: Measurements,
  customer: Customer,
  over: AbortSignal,
): Promise<JourneyEnd> {
  let body = wishOf(customer);
  let read = 0;
  try {
    for (let text = 0; text < mostTexts; text++) {
      if (!(await send(world, seen, customer, body, over))) return "refused";
      const sentAt = performance.now();
      const [next, last] = await nextStep(world, seen, customer, read, over);
      seen.times.turn.push(performance.now() - sentAt);
      read = last;
      if (typeof next === "object") return next.end;
      body = next;
    }
    return "other";
  } catch (error) {
    if (over.aborted) return "unanswered";
    throw error;
  }
}

/** A day in words that the dialogue understands; far enough apart that customers seldom want the same slot. */
function wishOf({ daysAhead }: Customer): string {
  const day = new Date(Date.now() + daysAhead * 24 * 60 * 60_000);
  return `book me a checkup on ${day.toLocaleDateString("en-US", { month: "long", day: "numeric", timeZone: "America/New_York" })}`;
}

/** @returns whether some try was taken in */
async function send(
  world: SoakWorld,
  seen: Measurements,
  { phone, business }: Customer,
  body: string,
  over: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; attempt <= mostTries; attempt++) {
    const began = performance.now();
    const { status, messageSid } = await world.twilio.sendInbound({ from: phone, to: business.phone, body });
    seen.times.intake.push(performance.now() - began);
    seen.sawStatus("intake", status ?? "none");
    if (status === 204) seen.accepted.push(messageSid);
    if (status === 204 && body === "CONFIRM") seen.confirms.push({ customer: phone, owner: business.owner, by: "sms" });
    // 200 is the degraded answer: a text in it, and the owner alerted.
    if (status === 204 || status === 200) return true;
    if (attempt < mostTries) await delay(againAfterMs, undefined, { signal: over });
  }
  return false;
}

/** Reads on until something is to be answered, or the journey has ended. */
async function nextStep(
  world: SoakWorld,
  seen: Measurements,
  customer: Customer,
  read: number,
  over: AbortSignal,
): Promise<[string | { end: JourneyEnd }, number]> {
  for (let index = read; ; index++) {
    const text = await world.phones.next(customer.phone, index, over);
    const known = answers.find(([pattern]) => pattern.test(text));
    if (!known) {
      seen.sawStrange(text);
      return [{ end: "other" }, index + 1];
    }
    const [, answer] = known;
    if (typeof answer === "string") return [{ end: answer }, index + 1];
    if (answer) return [answer(customer), index + 1];
  }
}
