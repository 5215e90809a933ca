import { setTimeout as sleep } from "node:timers/promises";
import { deterministicUuid } from "@bookproof/postgres";
import type { CalendarChange } from "@bookproof/proto/calendar";
import { runApart, runWithCid } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import { handleChange } from "./handle-change.ts";

const takenAtOnce = 100;

/** Acts on what happened to calendars without us, until `stopped`. What could not be acted on is handed out again by the calendar service. */
export async function watchCalendars(deps: Deps, stopped: AbortSignal): Promise<void> {
  const { changesEveryMs } = deps.config.drift;
  while (!stopped.aborted) {
    const took = await runApart(() => takeRound(deps)).catch((error: unknown) => {
      if (!stopped.aborted)
        deps.logger.warn({ err: error }, "[CHANGES_NOT_TAKEN] the calendars' changes are asked for again");
      return 0;
    });
    if (took < takenAtOnce)
      await sleep(changesEveryMs, undefined, { signal: stopped, ref: false }).catch(() => undefined);
  }
}

/** @returns how many changes were taken */
async function takeRound(deps: Deps): Promise<number> {
  const { changes } = await deps.calendar.takeChanges({ limit: takenAtOnce });
  const done: CalendarChange[] = [];
  for (const change of changes) {
    const { tenantId, seq, calendarId } = change;
    const cid = driftCid(change);
    try {
      if (await runWithCid(cid, () => handleChange(deps, change, cid))) done.push(change);
    } catch (error) {
      deps.logger.warn(
        { err: error, tenantId, calendarId, seq: String(seq), cid },
        "[CHANGE_NOT_HANDLED] tried again shortly",
      );
    }
  }
  if (done.length > 0)
    await deps.calendar.acknowledgeChanges({ changes: done.map(({ tenantId, seq }) => ({ tenantId, seq })) });
  return changes.length;
}

/** One journey a change: whoever handles it again raises the same alert. */
const driftCid = ({ tenantId, seq }: CalendarChange): string =>
  deterministicUuid("calendar_change", tenantId, String(seq));
