import { setTimeout as sleep } from "node:timers/promises";
import { reached } from "./aim.ts";
import type { Customer, Reach } from "./journeys/customer.ts";
import { textJourney } from "./journeys/text-journey.ts";
import { voiceJourney } from "./journeys/voice-journey.ts";
import { attemptDeadlineMs, graceMs, type Judgement, judge } from "./judge.ts";
import { isKill, nameOf, type Strike } from "./plan.ts";
import type { RealWorld } from "./real-world.ts";
import { untilSettled } from "./settle.ts";
import { createStageBoard } from "./stage-board.ts";
import { carryOut, type Struck } from "./strike.ts";
import type { Business } from "./tenants.ts";
import { type Outcome, watchOutcomes } from "./watch-outcomes.ts";

/** Between the journeys of two strikes: closer, and no journey would get anywhere. */
const apartMs = 1_200;
const readyMs = 30_000;

export interface Round {
  customers: Customer[];
  struck: Struck[];
  /** Their journeys never came to the stage, or nothing was there to strike. */
  missed: Strike[];
  outcomes: Outcome[];
  judgement: Judgement;
  /** From a kill to the outcome of every CONFIRM that had been sent by then, in ms. */
  recoveries: { struck: Struck; ms: number }[];
  unsettled: string[];
}

/** Tells each customer of the run a number and a slot of their own. */
export type CustomerSource = (refused: boolean) => Customer;

export function customerSource(real: Reach, businesses: readonly Business[], first: number): CustomerSource {
  let count = first;
  return (refused) => {
    const index = count++;
    const business = businesses[index % businesses.length];
    if (!business) throw new Error("a round has at least one business");
    const phone = `+1555${String(2_000_000 + index)}`;
    // Google takes its time to say no for good: what it refuses, it refuses at once.
    if (refused) {
      const match = { method: "POST", path: "/events", bodyContains: phone };
      real.google.faults.add({ kind: "fail-before", match, status: 403, code: "forbidden" });
    }
    return {
      ...{
        real,
        business,
        phone,
        refused,
        board: createStageBoard(),
        confirmedAt: undefined,
        confirmSid: undefined,
        voice: [],
      },
      wanted: { days: 2 + (Math.floor(index / 2) % 50), halfHour: Math.floor(index / 100) % 16 },
    };
  };
}

/** Several strikes, each at a journey of its own, and bystanders; then all heals, settles, and is judged. */
export async function runRound(
  real: RealWorld,
  options: {
    strikes: readonly Strike[];
    businesses: readonly Business[];
    newCustomer: CustomerSource;
    /** Of earlier rounds: a business's history is judged whole. */
    earlier: readonly Customer[];
    note: (line: string) => void;
  },
): Promise<Round> {
  const { strikes, businesses, newCustomer, earlier, note } = options;
  const baits = strikes.map((strike) => ({ strike, customer: newCustomer(strike.stage === "E") }));
  const bystanders = [newCustomer(false), newCustomer(false)];
  const customers = [...baits.map(({ customer }) => customer), ...bystanders];
  const watch = watchOutcomes(real, customers);
  const struck: Struck[] = [];
  const missed: Strike[] = [];

  const strikeAt = async (customer: Customer, strike: Strike) => {
    if (!(await reached(customer, strike))) return missed.push(strike);
    await sleep(strike.delayMs);
    note(nameOf(strike));
    const done = await carryOut(real, strike);
    return done ? struck.push(done) : missed.push(strike);
  };
  await Promise.all([
    ...baits.map(async ({ customer, strike }, index) => {
      await sleep(index * apartMs);
      const striking = strikeAt(customer, strike);
      // Every third journey to a stage that calls have too is a call.
      await travel(
        customer,
        index % 3 === 2 && (strike.stage === "B" || (strike.stage === "C" && strike.delayMs % 2 === 1)),
      );
      await striking;
    }),
    ...bystanders.map(async (customer, index) => {
      await sleep((index + 1) * 2 * apartMs);
      await travel(customer, index === 0);
    }),
  ]);
  const healedAt = Math.max(Date.now(), ...struck.map((one) => one.healedAt));
  real.wires.heal();
  await untilReady(real);
  const until = performance.now() + attemptDeadlineMs + graceMs;
  while (watch.open().length > 0 && performance.now() < until) await sleep(100);
  const unsettled = await untilSettled(real.database, Math.max(1_000, until - performance.now()));
  const judgement = await judge(real.source, { businesses, customers: [...earlier, ...customers], struck, healedAt });
  await watch.stop();
  const outcomes = watch.outcomes();
  for (const { customer, confirmedAt, end, settledAt } of outcomes) {
    const took = settledAt === undefined ? "never" : `${settledAt - confirmedAt} ms`;
    note(`${customer.phone} confirmed ${new Date(confirmedAt).toISOString()}: ${end ?? "open"}, ${took}`);
  }
  return { customers, struck, missed, outcomes, judgement, recoveries: recoveriesOf(struck, outcomes), unsettled };
}

async function travel(customer: Customer, byVoice: boolean): Promise<void> {
  try {
    await (byVoice ? voiceJourney(customer) : textJourney(customer));
  } finally {
    customer.board.end();
  }
}

/** Of the kills alone: what lasts for seconds of its own would measure itself. */
function recoveriesOf(struck: readonly Struck[], outcomes: readonly Outcome[]): Round["recoveries"] {
  return struck
    .filter(({ strike }) => isKill(strike))
    .map((one) => {
      const after = outcomes
        .filter(({ takenInAt, end }) => takenInAt !== undefined && takenInAt <= one.at && end !== "told")
        .map(({ settledAt }) => (settledAt ?? Date.now()) - one.at);
      return { struck: one, ms: Math.max(0, ...after) };
    });
}

async function untilReady(real: RealWorld): Promise<void> {
  for (const until = Date.now() + readyMs; ; await sleep(100)) {
    const answer = await fetch(`${real.gatewayUrl}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    if (Date.now() > until) throw new Error(`the system was not ready ${readyMs} ms after its faults had healed`);
  }
}
