import type { InProcessWorld } from "../../support/in-process-world.ts";

export interface Counts {
  confirmed: number;
  failed: number;
  alerts: number;
  liveEvents: number;
}

interface Row {
  id: string;
  status: string;
  event: string | null;
  startMs: number;
  phone: string;
  attempt: string;
}

/** One live event for each confirmed appointment, at its time; none else; an alert for each failure: judged by Google's and Twilio's ledgers. */
export async function compare(
  world: InProcessWorld,
  { tenantId, googleId, owner }: { tenantId: string; googleId: string; owner: string },
): Promise<{ counts: Counts; findings: string[] }> {
  const { rows } = await world.database.query(
    `SELECT a.id, a.status, a.calendar_event_id AS event, (extract(epoch FROM a.scheduled_at) * 1000)::float8 AS "startMs",
       t.snapshot ->> 'customerPhone' AS phone, t.status AS attempt
     FROM booking.appointments a JOIN booking.booking_attempts t ON t.tenant_id = a.tenant_id AND t.appointment_id = a.id WHERE a.tenant_id = $1`,
    [tenantId],
  );
  const appointments: Row[] = rows;
  const live = world.google.ledger.events(googleId).filter(({ status }) => status !== "cancelled");
  const alerts = world.received(owner);
  const confirmed = appointments.filter(({ status }) => status === "confirmed");
  const failed = appointments.filter(({ status }) => status === "failed");
  const findings = [
    ...appointments.filter(({ attempt }) => attempt === "started").map(({ id }) => `${id}: its attempt has not ended`),
    ...confirmed.flatMap(({ id, event, startMs }) => {
      const own = live.filter(({ privateProperties }) => privateProperties.bookproof_appointment_id === id);
      if (own.length !== 1) return [`${id}: confirmed, with ${own.length} live events`];
      return own[0]?.id === event && own[0]?.startAt === startMs ? [] : [`${id}: confirmed, its event is another one`];
    }),
    ...live
      .filter(({ id }) => !confirmed.some(({ event }) => event === id))
      .map(({ id }) => `${id}: a live event without a confirmed appointment`),
    ...failed
      .filter(({ phone }) => !alerts.some((body) => body.includes(phone)))
      .map(({ id }) => `${id}: failed, and the owner was not alerted`),
  ];
  return {
    counts: { confirmed: confirmed.length, failed: failed.length, alerts: alerts.length, liveEvents: live.length },
    findings,
  };
}
