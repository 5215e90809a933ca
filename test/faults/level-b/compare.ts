import type { Model, ModelHold, Wish } from "./model.ts";
import type { Store } from "./store.ts";
import { googleIdOf } from "./tenant.ts";

/** The store as its own tables and Google's ledger show it, in the model's words. */
export interface Seen {
  holds: Map<string, ModelHold>;
  /** What contradicts itself, whatever the model says. */
  contradictions: string[];
}

interface Row {
  id: string;
  status: ModelHold["status"];
  ran_out: boolean;
  attempts: ModelHold["attempt"][];
  appointments: { id: string; status: string; event: string | null }[];
}

const live = ["held", "kept", "confirmed"];

/** Reads the tables as superuser, and what Google holds. */
export async function look(store: Store): Promise<Seen> {
  const { rows } = await store.world.database.query(
    `SELECT h.id, h.status, h.expires_at <= clock_timestamp() AND h.status IN ('held', 'kept') AS ran_out,
       ARRAY(SELECT a.status FROM booking.booking_attempts a WHERE a.tenant_id = h.tenant_id AND a.hold_id = h.id) AS attempts,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'status', p.status, 'event', p.calendar_event_id)), '[]')
        FROM booking.appointments p WHERE p.tenant_id = h.tenant_id AND p.hold_id = h.id) AS appointments
     FROM booking.appointment_holds h WHERE h.tenant_id = $1`,
    [store.tenantId],
  );
  const holds = new Map<string, ModelHold>();
  const contradictions: string[] = [];
  for (const row of rows as Row[]) {
    const wish = store.wishes.find((one) => one.holdId === row.id);
    if (!wish) throw new Error(`a hold that nobody claimed: ${row.id}`);
    holds.set(row.id, { status: row.status, ranOut: row.ran_out, attempt: row.attempts[0] ?? "none" });
    contradictions.push(...contradictionsOf(store, wish, row));
  }
  const held = store.wishes.filter((wish) => live.includes(holds.get(wish.holdId)?.status ?? ""));
  for (const [index, one] of held.entries())
    for (const other of held.slice(index + 1))
      if (one.calendarId === other.calendarId && one.from < other.to && other.from < one.to)
        contradictions.push(`#${store.wishes.indexOf(one)} and #${store.wishes.indexOf(other)} overlap`);
  return { holds, contradictions };
}

/** One attempt and one appointment a hold; one live event where it is confirmed, at its time, and none elsewhere. */
function contradictionsOf(store: Store, wish: Wish, row: Row): string[] {
  const { ledger } = store.world.google;
  const found: string[] = [];
  const name = `#${store.wishes.indexOf(wish)}`;
  const confirmed = row.appointments.filter((one) => one.status === "confirmed");
  if (row.attempts.length > 1) found.push(`${name} has ${row.attempts.length} attempts`);
  if (row.appointments.length > 1) found.push(`${name} has ${row.appointments.length} appointments`);
  if ((row.status === "confirmed") !== (confirmed.length === 1))
    found.push(`${name} is ${row.status} with ${confirmed.length} confirmed appointments`);
  const ids = row.appointments.map((one) => one.id);
  const events = ledger
    .events(googleIdOf(store.tenantId, wish.calendarId))
    .filter(
      (event) => event.status !== "cancelled" && Object.values(event.privateProperties).some((v) => ids.includes(v)),
    );
  // An attempt that still runs may have its event before its row says so.
  if (row.attempts.includes("started")) return found;
  if (events.length !== confirmed.length)
    found.push(`${name} has ${events.length} live events and ${confirmed.length} confirmed appointments`);
  for (const event of events)
    if (event.id !== confirmed[0]?.event || event.startAt !== store.startAt(wish).getTime())
      found.push(`${name} has an event that is not its appointment's`);
  return found;
}

/** Whether the tables hold exactly what the model says. */
export const agrees = (model: Model, seen: Seen): boolean =>
  model.size === seen.holds.size &&
  [...model].every(([wish, hold]) => {
    const found = seen.holds.get(wish.holdId);
    return found && found.status === hold.status && found.ranOut === hold.ranOut && found.attempt === hold.attempt;
  });

/** A model or a store in one line, for the report of a failure. */
export const describe = (holds: Map<string, ModelHold>, wishes: readonly Wish[]): string =>
  wishes
    .map((wish, index) => {
      const hold = holds.get(wish.holdId);
      return hold && `#${index} ${hold.status}${hold.ranOut ? " (ran out)" : ""}/${hold.attempt}`;
    })
    .filter((text) => text !== undefined)
    .join(", ");
