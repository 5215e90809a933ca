import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { horizonDays } from "./businesses.ts";
import type { Measurements } from "./measurements.ts";
import { type Customer, playSmsJourney } from "./sms-journey.ts";
import type { SoakWorld } from "./soak-world.ts";
import { playVoiceJourney } from "./voice-journey.ts";

/** Of ten arrivals: six customers who text, two who call, two looks at the debug endpoint. */
const mix = ["sms", "sms", "voice", "sms", "debug", "sms", "sms", "voice", "sms", "debug"] as const;

export interface Arrivals {
  /** One more customer; settles when they are done. */
  arrive(): Promise<void>;
  /** Customers who are not done yet. */
  open(): number;
}

/** @param over aborts when nobody waits any longer */
export function createArrivals(world: SoakWorld, seen: Measurements, over: AbortSignal): Arrivals {
  let arrived = 0;
  let open = 0;

  async function readDebug(index: number): Promise<void> {
    // Of a customer who texted a moment ago.
    const phone = phoneOf(index - mix.length - 1);
    const began = performance.now();
    const answer = await fetch(`${world.gatewayUrl}/api/debug/sms-flow?phone=${encodeURIComponent(phone)}`, {
      headers: { authorization: `Bearer ${world.adminToken}` },
    });
    await answer.arrayBuffer();
    seen.times.debug.push(performance.now() - began);
    seen.sawStatus("debug", answer.status);
  }

  return {
    async arrive() {
      const index = arrived++;
      const kind = mix[index % mix.length];
      seen.offer();
      open += 1;
      try {
        if (kind === "debug") return await readDebug(index);
        const customer: Customer = {
          phone: phoneOf(index),
          business: world.business(index),
          daysAhead: randomInt(2, horizonDays - 2),
          pick: randomInt(0, 3),
        };
        const play = kind === "sms" ? playSmsJourney : playVoiceJourney;
        seen.ended(await play(world, seen, customer, over));
      } finally {
        open -= 1;
        seen.complete();
      }
    },
    open: () => open,
  };
}

const phoneOf = (index: number) => `+1556${String(2_000_000 + index)}`;

/** Lets so many arrive a second, evenly, however slowly they are served. */
export async function offerAtRate(
  arrivals: Arrivals,
  { perSecond, forMs }: { perSecond: number; forMs: number },
  onFailure: (error: unknown) => void,
): Promise<void> {
  const began = performance.now();
  const inAll = Math.round((perSecond * forMs) / 1_000);
  for (let arrived = 0; arrived < inAll; ) {
    const due = Math.min(inAll, Math.ceil(((performance.now() - began) / 1_000) * perSecond));
    for (; arrived < due; arrived++) arrivals.arrive().catch(onFailure);
    await delay(Math.min(50, 1_000 / perSecond));
  }
}
