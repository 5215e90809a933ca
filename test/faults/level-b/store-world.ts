import { findFreePorts } from "@bookproof/local-postgres";
import { BookingServiceDefinition } from "@bookproof/proto/booking";
import { createGrpcClient } from "@bookproof/service";
import { startGoogleSimulator } from "@bookproof/simulators";
import { createTestDatabase } from "@bookproof/testing";
import * as booking from "../../support/services/booking.ts";
import * as calendar from "../../support/services/calendar.ts";

/** Refusals by the hundred are what a run is made of; none of them is news. */
const quiet = <Config extends { logLevel: string }>(config: Config): Config => ({ ...config, logLevel: "silent" });

export type StoreWorld = Awaited<ReturnType<typeof startStoreWorld>>;

/**
 * The time of a hold passes, by database time. Locked before it is looked at: an attempt that is just beginning must be
 * seen, because the time of a hold never passes during its attempt.
 */
const runOutHold = `
  CREATE FUNCTION public.run_out_hold(p_tenant_id uuid, p_hold_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM booking.appointment_holds WHERE tenant_id = p_tenant_id AND id = p_hold_id FOR UPDATE;
    UPDATE booking.appointment_holds h SET expires_at = clock_timestamp() - interval '1 second'
    WHERE h.tenant_id = p_tenant_id AND h.id = p_hold_id AND h.status IN ('held', 'kept')
      AND NOT EXISTS (SELECT FROM booking.booking_attempts a
        WHERE a.tenant_id = h.tenant_id AND a.hold_id = h.id AND a.status = 'started');
    RETURN FOUND;
  END $$`;

/**
 * The booking store as its callers meet it: the real booking and calendar services over a real Postgres, Google as a
 * simulator with a ledger of its own. Agent and notifier are away, as they may be: what booking owes them waits.
 */
export async function startStoreWorld() {
  const database = await createTestDatabase();
  await database.query(runOutHold);
  const google = await startGoogleSimulator();
  const [bookingPort, calendarPort, nobody] = await findFreePorts(3);
  const env = {
    LOG_LEVEL: "error",
    DATABASE_URL: database.url,
    SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
    GOOGLE_CALENDAR_BASE_URL: google.url,
    GOOGLE_OAUTH_BASE_URL: google.url,
    GOOGLE_OAUTH_CLIENT_ID: "client",
    GOOGLE_OAUTH_CLIENT_SECRET: "secret",
    BOOKING_ADDR: `127.0.0.1:${bookingPort}`,
    CALENDAR_ADDR: `127.0.0.1:${calendarPort}`,
    AGENT_ADDR: `127.0.0.1:${nobody}`,
    NOTIFIER_ADDR: `127.0.0.1:${nobody}`,
  };
  const servers = [
    await calendar.create({ ...env, LISTEN_ADDR: env.CALENDAR_ADDR }, quiet),
    await booking.create({ ...env, LISTEN_ADDR: env.BOOKING_ADDR }, quiet),
  ];
  for (const server of servers) await server.start();
  const connection = createGrpcClient(BookingServiceDefinition, env.BOOKING_ADDR, { deadlineMs: 15_000 });
  return {
    database,
    google,
    booking: connection.client,
    async close() {
      connection.close();
      for (const server of servers.reverse()) await server.stop();
      await google.close();
      await database.drop();
    },
  };
}
