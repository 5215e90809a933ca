import type { Backlog } from "./backlog.ts";
import type { Measurements } from "./measurements.ts";
import type { SoakWorld } from "./soak-world.ts";

/** One thing that must hold after the run; `broken` names those for which it does not. */
export interface Check {
  name: string;
  of: number;
  broken: string[];
}

const bookedWords = /all set/i;

/** Checks that nothing was lost and nothing untrue was said, by Twilio's own ledger and the rows. */
export async function verify(world: SoakWorld, seen: Measurements, left: Backlog): Promise<Check[]> {
  const { accepted, confirms } = seen;
  const texts = world.twilio.ledger.messages();
  const sent = Map.groupBy(
    texts.filter((text) => text.direction !== "inbound"),
    (text) => text.to,
  );
  const lastHeard = new Map(
    texts.filter((text) => text.direction === "inbound").map((text) => [text.from ?? "", text]),
  );
  const alerted = (owner: string, customer: string) => sent.get(owner)?.some(({ body }) => body.includes(customer));
  const read = await column(world, "SELECT message_sid FROM agent.inbound_messages WHERE read_at IS NOT NULL");
  const flagged = await column(world, "SELECT customer_phone FROM agent.conversations WHERE needs_human");
  const booked = await column(
    world,
    `SELECT contact.phone FROM booking.appointments appointment
     JOIN booking.contacts contact ON contact.tenant_id = appointment.tenant_id AND contact.id = appointment.contact_id
     WHERE appointment.status = 'confirmed' AND appointment.calendar_insert_ok AND appointment.calendar_event_id IS NOT NULL`,
  );
  const acceptedSids = new Set(accepted);
  const unanswered = [...lastHeard].filter(([customer, last]) => {
    if (!acceptedSids.has(last.sid) || flagged.has(customer)) return false;
    return !sent.get(customer)?.some((text) => text.acceptedAt >= last.acceptedAt);
  });
  const told = [...sent].filter(([, all]) => all.some(({ body }) => bookedWords.test(body))).map(([phone]) => phone);
  const silent = confirms.filter(({ customer, owner, by }) => {
    if (booked.has(customer) || alerted(owner, customer))
      return by === "sms" && !booked.has(customer) && !flagged.has(customer);
    return true;
  });
  return [
    check("every text that was accepted was read", accepted, (sid) => !read.has(sid)),
    {
      name: "every customer was answered, or a human was called",
      of: lastHeard.size,
      broken: unanswered.map(([phone]) => phone),
    },
    {
      name: "every CONFIRM ended booked, or flagged and with the owner alerted",
      of: confirms.length,
      broken: silent.map(({ customer }) => customer),
    },
    check("whoever was told of a booking has one", told, (phone) => !booked.has(phone)),
    {
      name: "nothing is left to do",
      of: 1,
      broken: left.unread + left.jobs === 0 ? [] : [`${left.unread} unread, ${left.jobs} jobs`],
    },
  ];
}

function check(name: string, all: readonly string[], isBroken: (one: string) => boolean): Check {
  return { name, of: all.length, broken: all.filter(isBroken) };
}

async function column({ database }: SoakWorld, sql: string): Promise<Set<string>> {
  const { rows } = await database.query<string[]>({ text: sql, rowMode: "array" });
  return new Set(rows.flatMap(([value]) => value ?? []));
}
