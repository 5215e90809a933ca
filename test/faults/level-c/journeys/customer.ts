import type { startGoogleSimulator, startTwilioSimulator, VapiExchange } from "@bookproof/simulators";
import type { StageBoard } from "../stage-board.ts";
import type { Business } from "../tenants.ts";

/** What a customer, and whoever sends them, can reach of a system and of its vendors. */
export interface Reach {
  gatewayUrl: string;
  twilio: Awaited<ReturnType<typeof startTwilioSimulator>>;
  google: Awaited<ReturnType<typeof startGoogleSimulator>>;
}

/** One customer of the run, who tries to book once. */
export interface Customer {
  real: Reach;
  business: Business;
  /** E.164; nobody else has it. */
  phone: string;
  /** Days from today, and half hours after 09:00: a slot that nobody else of the run is told to want. */
  wanted: { days: number; halfHour: number };
  /** Whether Google refuses the event, so that the owner is alerted. */
  refused: boolean;
  board: StageBoard;
  /** When CONFIRM, or the right code, was sent; ms since the epoch. */
  confirmedAt: number | undefined;
  /** Of the CONFIRM; undefined for a call. */
  confirmSid: string | undefined;
  /** What a caller heard. */
  voice: VapiExchange[];
}

/** What the customer's phone has received, oldest first. */
export const received = ({ real, phone }: Customer): string[] =>
  real.twilio.ledger.messages({ to: phone, direction: "outbound" }).map(({ body }) => body);

/** Polls until `look` gives something; undefined when the customer lost patience. */
export async function within<T>(ms: number, look: () => T | undefined): Promise<T | undefined> {
  for (const until = performance.now() + ms; performance.now() < until; ) {
    const seen = look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return undefined;
}
