import { setTimeout as sleep } from "node:timers/promises";
import type { Customer } from "./journeys/customer.ts";
import type { RealWorld } from "./real-world.ts";

const everyMs = 100;

/** What became of a CONFIRM, and when it was seen; ms since the epoch. */
export interface Outcome {
  customer: Customer;
  confirmedAt: number;
  /** When the system had it; undefined while only Twilio knows of it. A call's, at once. */
  takenInAt: number | undefined;
  /** `told`: it could not be an attempt any more, and the customer was told so; the history's checker judges the words. */
  end: "booked" | "escalated" | "told" | undefined;
  settledAt: number | undefined;
}

interface Row {
  phone: string;
  booked: boolean;
  running: boolean;
  flagged: boolean;
  taken_in_ms: number | null;
}

/** Of the customers $1, whose CONFIRMs are $2: what their attempts and flags say. */
const statesSql = `
  SELECT phone,
    EXISTS (SELECT FROM booking.booking_attempts a WHERE a.snapshot ->> 'customerPhone' = phone AND a.status = 'confirmed') AS booked,
    EXISTS (SELECT FROM booking.booking_attempts a WHERE a.snapshot ->> 'customerPhone' = phone AND a.status = 'started')
      OR EXISTS (SELECT FROM agent.conversations c WHERE c.customer_phone = phone AND c.confirming_hold_id IS NOT NULL) AS running,
    EXISTS (SELECT FROM agent.conversations c WHERE c.customer_phone = phone AND c.needs_human)
      OR EXISTS (SELECT FROM agent.calls c WHERE c.customer_phone = phone AND c.needs_human) AS flagged,
    (SELECT extract(epoch FROM m.received_at) * 1000 FROM agent.inbound_messages m WHERE m.message_sid = sid)::float8 AS taken_in_ms
  FROM unnest($1::text[], $2::text[]) AS customer (phone, sid)`;

const newOutcome = (customer: Customer, confirmedAt: number): Outcome => ({
  ...{ customer, confirmedAt, end: undefined, settledAt: undefined },
  takenInAt: customer.confirmSid === undefined ? confirmedAt : undefined,
});

/** Looks again and again at every CONFIRM that has no outcome yet. */
export function watchOutcomes(real: RealWorld, customers: readonly Customer[]) {
  const outcomes = new Map<Customer, Outcome>();
  let stopped = false;

  async function look(): Promise<void> {
    for (const customer of customers)
      if (customer.confirmedAt !== undefined && !outcomes.has(customer))
        outcomes.set(customer, newOutcome(customer, customer.confirmedAt));
    const open = [...outcomes.values()].filter(({ end }) => end === undefined);
    if (open.length === 0) return;
    const phones = open.map(({ customer }) => customer.phone);
    const sids = open.map(({ customer }) => customer.confirmSid ?? "");
    const { rows } = await real.database.query<Row>(statesSql, [phones, sids]);
    for (const outcome of open) {
      const row = rows.find(({ phone }) => phone === outcome.customer.phone);
      outcome.takenInAt ??= row?.taken_in_ms ?? undefined;
      const end = row && endOf(outcome, row);
      if (end) Object.assign(outcome, { end, settledAt: Date.now() });
    }
  }

  function endOf({ customer, confirmedAt }: Outcome, row: Row): Outcome["end"] {
    if (row.booked) return "booked";
    const { ledger } = real.twilio;
    const about = ledger.messages({ to: customer.business.owner }).some(({ body }) => body.includes(customer.phone));
    if (row.flagged && about) return "escalated";
    if (row.running || row.flagged || about) return undefined;
    const told = ledger.messages({ to: customer.phone }).some(({ acceptedAt }) => acceptedAt > confirmedAt);
    return told || customer.voice.length > 0 ? "told" : undefined;
  }

  const watching = (async () => {
    while (!stopped) {
      // Postgres is killed now and then: what cannot be read is read the next time.
      await look().catch(() => undefined);
      await sleep(everyMs);
    }
  })();
  return {
    outcomes: () => [...outcomes.values()],
    open: () => customers.filter((one) => one.confirmedAt !== undefined && outcomes.get(one)?.end === undefined),
    async stop() {
      stopped = true;
      await watching;
    },
  };
}
