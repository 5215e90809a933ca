import { setTimeout as delay } from "node:timers/promises";
import { withTransaction } from "@bookproof/postgres";
import { observeSyncAge } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import { selectOldestSyncSeconds } from "../queries/syncs.ts";

/** The other measurements, which are taken with this one, must not wait for a database that hangs. In milliseconds. */
const patienceMs = 1_000;

/** Measures how old what is known of calendars at Google is. @returns how to end that */
export function observeAge(deps: Deps): () => void {
  return observeSyncAge(async () => {
    try {
      const late = delay(patienceMs, undefined, { ref: false });
      const read = withTransaction(deps.pool, async (client) => (await selectOldestSyncSeconds(client)) ?? 0);
      const age = await Promise.race([read, late]);
      if (age === undefined) throw new Error(`no answer within ${patienceMs} ms`);
      return age;
    } catch (error) {
      deps.logger.warn({ err: error }, "[CALENDAR_SYNC_NOT_MEASURED] the age of what is known could not be read");
      return undefined;
    }
  });
}
