import { randomUUID } from "node:crypto";
import type { InsertEventRequest } from "@bookproof/proto/calendar";
import type { FaultRuleInput } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import type { SyncSettings } from "../config.ts";
import { google, newEvent, startCalendarWorld } from "./calendar-world.ts";

const hourMs = 3_600_000;

/** Tomorrow at full hours: within the days that are kept known. */
const dayAfter = Math.floor(Date.now() / hourMs + 24) * hourMs;
export const tomorrow = {
  range: { from: new Date(dayAfter), to: new Date(dayAfter + 24 * hourMs) },
  hour: (hour: number) => ({
    from: new Date(dayAfter + hour * hourMs),
    to: new Date(dayAfter + (hour + 1) * hourMs),
  }),
};
type Hour = ReturnType<typeof tomorrow.hour>;

export type SyncWorld = Awaited<ReturnType<typeof startSyncWorld>>;

/** The calendar service, which asks about a calendar once it is made and again only when a test says so. */
export async function startSyncWorld(sync: Partial<SyncSettings> = {}) {
  const world = await startCalendarWorld({
    sync: { lookMs: 20, everyMs: 1_000_000, ...sync },
    // A page of thousands takes its time here.
    times: { listMs: 10_000 },
  });
  const { database, google: vendor } = world;
  /** A tenant's calendar at Google that has been asked about once. */
  async function addCalendar(tenantId: string = randomUUID()) {
    const atGoogle = `${tenantId}@group.calendar.google.com`;
    await world.apply(tenantId, google("smith", atGoogle, `refresh-${tenantId}`));
    await untilChecked(tenantId, new Date(0));
    return { tenantId, atGoogle };
  }

  const untilChecked = (tenantId: string, at: Date) =>
    eventually("a calendar is asked about", async () => {
      const text = "SELECT FROM calendar.syncs WHERE tenant_id = $1 AND busy_checked_at >= $2 AND leased_until IS NULL";
      return ((await database.query(text, [tenantId, at])).rowCount ?? 0) > 0;
    });

  /** Once a look that is under way has ended: its end would say when the next one is due. */
  const makeDue = (tenantId: string): Promise<Date> =>
    eventually("no look is under way", async () => {
      const text = `UPDATE calendar.syncs SET due_at = clock_timestamp() WHERE tenant_id = $1 AND leased_until IS NULL
        RETURNING clock_timestamp() AS at`;
      const { rows } = await database.query(text, [tenantId]);
      return rows[0]?.at as Date | undefined;
    });

  return {
    ...world,
    client: world.client,
    addCalendar,
    makeDue,
    /** Lets the service ask about a tenant's calendar now, and waits until it has. */
    poll: async (tenantId: string) => untilChecked(tenantId, await makeDue(tenantId)),
    /** Hears from now on how often Google is asked about a calendar. */
    listen(atGoogle: string) {
      // A fault that is none: it waits for nothing, and is heard of.
      const hear = (match: FaultRuleInput["match"]) => {
        const { id } = vendor.faults.add({ kind: "delay", delayMs: 0, match });
        return () => vendor.faults.fired().filter(({ ruleId }) => ruleId === id).length;
      };
      const lists = hear({ method: "GET", path: `/calendars/${encodeURIComponent(atGoogle)}/events` });
      const freeBusy = hear({ path: "/freeBusy", bodyContains: atGoogle });
      return () => ({ lists: lists(), freeBusy: freeBusy() });
    },
    async busy(tenantId: string, { fresh = false, range = tomorrow.range } = {}) {
      const asked = { tenantId, calendarIds: ["smith"], range, fresh };
      const [calendar] = (await world.client.getAvailability(asked, { retry: false })).calendars;
      return calendar?.unreadableReason || calendar?.busy.map((busy) => busy.range);
    },
    insert: (event: InsertEventRequest) => world.client.insertEvent(event, { retry: false }),
    /** What was told of a tenant's calendars so far, oldest first. */
    async changes(tenantId: string) {
      const text = `SELECT kind, event_id, appointment_id, live, declined, lower(time_range) AS from, upper(time_range) AS to
        FROM calendar.changes WHERE tenant_id = $1 ORDER BY seq`;
      return (await database.query(text, [tenantId])).rows;
    },
    async syncOf(tenantId: string) {
      const text = `SELECT failures, extract(epoch FROM due_at - clock_timestamp())::float8 AS due_in, listed_at, sync_token
        FROM calendar.syncs WHERE tenant_id = $1`;
      return (await database.query(text, [tenantId])).rows[0];
    },
  };
}

/** An event of ours at an hour of tomorrow. */
export const eventAt = (tenantId: string, range: Hour): InsertEventRequest => ({
  ...newEvent(tenantId, "smith"),
  range,
});

/** As a person gives a time to Google. */
export const byHand = ({ from, to }: Hour) => ({
  start: { dateTime: from.toISOString() },
  end: { dateTime: to.toISOString() },
});
