import { setTimeout as sleep } from "node:timers/promises";
import { BookproofError } from "@bookproof/errors";
import { enqueue } from "@bookproof/postgres";
import { sweepsAtOnce } from "../config.ts";
import type { Deps } from "../deps.ts";
import { sweepTenant } from "../sweep/sweep-tenant.ts";
import { sweepInbound } from "./definitions.ts";

const againAfterMs = 1_000;

/** Plans the next round; one is planned at a time, however many replicas ask. */
async function planSweep(deps: Deps, delayMs: number): Promise<void> {
  await enqueue(deps.pool, sweepInbound, {}, { delayMs, key: "sweep_inbound" });
}

/**
 * Plans a sweep for now as soon as Postgres takes it; until `stopped`. Under a key of its own: the round that is planned keeps its time,
 * and a process that starts may follow one that died with what it knew of a text.
 */
export async function planFirstSweep(deps: Deps, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    try {
      return await enqueue(deps.pool, sweepInbound, {}, { delayMs: 0, key: "sweep_at_start" });
    } catch (error) {
      if (!stopped.aborted) deps.logger.warn({ err: error }, "[SWEEP_NOT_PLANNED] tried again shortly");
    }
    await sleep(againAfterMs, undefined, { ref: false });
  }
}

/** @throws BookproofError `unavailable` while the tenant could not be swept. */
export async function runSweepOutOfTurn(deps: Deps, { tenantId }: { tenantId: string }): Promise<void> {
  const swept = await sweepTenant(deps, await deps.connections.get(tenantId));
  if (!swept) throw new BookproofError("unavailable", "The tenant's inbound texts could not be swept yet.");
}

/** Sweeps all tenants, a few at once. The next sweep is planned first: one that dies is not the last. */
export async function runSweepInbound(deps: Deps): Promise<void> {
  await planSweep(deps, deps.config.times.sweep.everyMs);
  const waiting = await deps.connections.all();
  const next = async (): Promise<void> => {
    for (let connection = waiting.pop(); connection; connection = waiting.pop()) {
      const { tenantId } = connection;
      await sweepTenant(deps, connection).catch((error: unknown) =>
        deps.logger.warn({ err: error, tenantId }, "[SWEEP_FAILED] a tenant's sweep could not be begun or noted"),
      );
    }
  };
  await Promise.all(Array.from({ length: sweepsAtOnce }, next));
}
