import { setTimeout as sleep } from "node:timers/promises";
import { runWithCid } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import { type BookingFailure, notifyOwnerBookingFailure } from "./notify-owner-booking-failure.ts";

const againAfterMs = 1_000;

/** Stores, as soon as Postgres takes it, an escalation whose owner was alerted while it could not be stored; until `stopped`. */
export async function keepStoring(deps: Deps, failure: BookingFailure, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    await sleep(againAfterMs, undefined, { ref: false });
    try {
      await runWithCid(failure.cid, () => notifyOwnerBookingFailure(deps, failure));
      return;
    } catch {
      // Logged as [ESCALATION_NOT_STORED] where it was thrown.
    }
  }
}
