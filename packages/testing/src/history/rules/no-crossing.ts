import type { Violation } from "../verdict.ts";
import { eventsAt } from "./calendar-ledger.ts";
import { type Context, knownCustomers, phonesIn } from "./context.ts";

/** 5: no message, event or row of a tenant carries another one's numbers, customers, calendars or name. */
export function noCrossing(context: Context): Violation[] {
  const { history, options } = context;
  const { tenant, tables, ledgers } = history;
  const known = new Set([...knownCustomers(context), ...tenant.phoneNumbers, ...tenant.ownerPhones]);
  const isStrange = (phone: string) => phone.startsWith("+") && !known.has(phone);
  const out = ledgers.messages.filter(
    ({ direction, accountSid }) => direction !== "inbound" && accountSid === tenant.twilioAccountSid,
  );

  const sent = out.flatMap(({ sid, from, to, body, acceptedAt: at }) => {
    const strange = [from ?? "", to, ...phonesIn(body)].find(isStrange);
    const name = foreignName(context, body);
    if (strange !== undefined)
      return [violation(sid, `a text from ${from} to ${to} carries ${strange}, whom the tenant does not know`, at)];
    return name === undefined ? [] : [violation(sid, `a text to ${to} carries another tenant's name, ${name}`, at)];
  });
  const called = ledgers.calls
    .filter(({ accountSid, to }) => accountSid === tenant.twilioAccountSid && isStrange(to))
    .map(({ sid, to, acceptedAt }) => violation(sid, `a call to ${to}, whom the tenant does not know`, acceptedAt));
  const events = eventsAt(history, options.readAt)
    .filter(({ tenantId = tenant.id, by }) => by === "api" && tenantId !== tenant.id)
    .map(({ id, changedAt, tenantId }) =>
      violation(id, `an event in the tenant's calendar is of tenant ${tenantId}`, changedAt),
    );
  const elsewhere = ledgers.writes
    .filter(
      ({ privateProperties: marks, calendarId }) =>
        marks.bookproof_tenant_id === tenant.id && !ownCalendar(context, calendarId),
    )
    .map(({ eventId, calendarId, acceptedAt }) =>
      violation(eventId, `an event of the tenant was written to ${calendarId}, which is not its own`, acceptedAt),
    );
  const rows = [
    ...tables.inbound.flatMap((row) =>
      tenant.phoneNumbers.includes(row.to) ? [] : [[row.messageSid, row.to, row.receivedAt] as const],
    ),
    ...tables.outgoing.map((row) => [row.id, row.to, row.createdAt] as const),
    ...tables.appointments.map((row) => [row.id, row.customerPhone, row.createdAt] as const),
    ...tables.escalations.map((row) => [row.id, row.customerPhone, row.createdAt] as const),
  ];
  const crossed = rows
    .filter(([, phone]) => isStrange(phone))
    .map(([id, phone, at]) => violation(id, `a row of the tenant carries ${phone}, whom it does not know`, at));
  return [...sent, ...called, ...events, ...elsewhere, ...crossed];
}

const ownCalendar = ({ history }: Context, ledger: string): boolean =>
  history.tenant.calendars.some((calendar) => calendar.ledger === ledger);

/** The name of another tenant in a text, unless the tenant's own name holds it. */
function foreignName({ history }: Context, body: string): string | undefined {
  const own = body.replaceAll(history.tenant.name, "");
  return history.others.find(({ name }) => name !== "" && !history.tenant.name.includes(name) && hasWords(own, name))
    ?.name;
}

function hasWords(text: string, words: string): boolean {
  const place = text.indexOf(words);
  return place >= 0 && !/\w/.test(text.charAt(place - 1)) && !/\w/.test(text.charAt(place + words.length));
}

function violation(subject: string, what: string, at: number): Violation {
  return { invariant: "no_crossing", subject, what, at };
}
