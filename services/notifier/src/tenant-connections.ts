import { setTimeout as delay } from "node:timers/promises";
import { BookproofError } from "@bookproof/errors";
import type { BookingServiceDefinition, TenantConnection } from "@bookproof/proto/booking";
import { type GrpcClient, type Logger, maskPhone } from "@bookproof/service";
import { runApart } from "@bookproof/telemetry";
import type { Config } from "./config.ts";

/** What sending for a tenant needs, kept without expiry: it must be known while booking and Postgres are away. */
export interface TenantConnections {
  /**
   * A tenant's connection; an unknown one is looked up at most once a second.
   * @throws BookproofError `tenant_not_found`, or `unavailable` when booking cannot be asked.
   */
  get(tenantId: string): Promise<TenantConnection>;
  /** The same as it is now: everything is read anew. For what is looked at once, by a person. */
  getFresh(tenantId: string): Promise<TenantConnection>;
  /** All that are known; they are waited for until they were read once. @throws BookproofError `unavailable`. */
  all(): Promise<TenantConnection[]>;
  /** Loads all in the background, now and again. */
  start(): void;
  stop(): void;
}

const pageSize = 500;
const missRefreshMs = 1_000;

export function createTenantConnections(options: {
  config: Pick<Config, "blocklist" | "times">;
  booking: GrpcClient<BookingServiceDefinition>;
  logger: Logger;
}): TenantConnections {
  const { config, booking, logger } = options;
  const known = new Map<string, TenantConnection>();
  const warned = new Set<string>();
  let refreshing: Promise<void> | undefined;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  async function load(): Promise<void> {
    let afterId = "";
    while (true) {
      const { connections } = await booking.listConnections({ afterId, limit: pageSize });
      for (const connection of connections) {
        known.set(connection.tenantId, connection);
        warnOfBlockedOwner(connection);
      }
      afterId = connections.at(-1)?.tenantId ?? "";
      if (connections.length < pageSize) return;
    }
  }

  function refresh(): Promise<void> {
    refreshing ??= runApart(load)
      .then(() => {
        refreshedAt = performance.now();
      })
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  }

  function warnOfBlockedOwner({ tenantId, owner }: TenantConnection): void {
    for (const phone of [owner?.phone ?? "", owner?.vipPhone ?? "", owner?.hotLeadAlertPhone ?? ""]) {
      if (!config.blocklist.has(phone) || warned.has(`${tenantId} ${phone}`)) continue;
      warned.add(`${tenantId} ${phone}`);
      logger.error(
        { tenantId, phone: maskPhone(phone) },
        "[OWNER_PHONE_BLOCKED] an owner's number is in INTERNAL_BLOCKLIST_E164: alerts will not reach it",
      );
    }
  }

  function refreshInBackground(): void {
    refresh().catch((error: unknown) =>
      logger.warn({ err: error }, "[CONNECTIONS_STALE] the tenants' connections could not be read from booking"),
    );
  }

  return {
    async get(tenantId) {
      const before = known.get(tenantId);
      if (before) return before;
      // A tenant that was just applied: waited for rather than called unknown.
      await delay(Math.max(0, refreshedAt + missRefreshMs - performance.now()));
      await refresh();
      const found = known.get(tenantId);
      if (!found) throw new BookproofError("tenant_not_found");
      return found;
    },
    async getFresh(tenantId) {
      // One that began before now may have read this tenant before it was changed.
      await refreshing?.catch(() => undefined);
      await refresh();
      const found = known.get(tenantId);
      if (!found) throw new BookproofError("tenant_not_found");
      return found;
    },
    async all() {
      if (refreshedAt === Number.NEGATIVE_INFINITY) await refresh();
      return [...known.values()];
    },
    start() {
      refreshInBackground();
      timer = setInterval(refreshInBackground, config.times.connectionsRefreshMs);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}
