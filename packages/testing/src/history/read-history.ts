import type { VapiExchange } from "@bookproof/simulators";
import pg from "pg";
import type { HistoryTenant, Statement, TenantHistory } from "./history.ts";
import { type LedgerUrls, readLedgers } from "./read-ledgers.ts";
import { readTables } from "./read-tables.ts";

/** Where a world's ledgers are. The database's URL must be its superuser's, whom row-level security does not bind. */
export interface HistorySource extends LedgerUrls {
  databaseUrl: string;
}

/** One tenant, and what a test heard of it beside texts. */
export interface HistoryRequest {
  tenant: HistoryTenant;
  voice?: VapiExchange[];
  statements?: Statement[];
}

/**
 * Reads the histories of several tenants of one world at once: the vendors' ledgers over their control routes, and our tables.
 * The tables come last, so that whatever a vendor shows is already there.
 */
export async function readHistories(source: HistorySource, requests: HistoryRequest[]): Promise<TenantHistory[]> {
  const ledgers = await readLedgers(source);
  const pool = new pg.Pool({ connectionString: source.databaseUrl, max: 4 });
  // A database that is dropped right after cuts a connection that is just closing.
  pool.on("error", () => undefined);
  try {
    return await Promise.all(
      requests.map(async ({ tenant, voice = [], statements = [] }) => ({
        tenant,
        others: requests.flatMap((other) => (other.tenant.id === tenant.id ? [] : other.tenant)),
        tables: await readTables(pool, tenant.id),
        ledgers,
        voice,
        statements,
      })),
    );
  } finally {
    await pool.end();
  }
}

/** The same for one tenant. */
export async function readHistory(source: HistorySource, request: HistoryRequest): Promise<TenantHistory> {
  const [history] = await readHistories(source, [request]);
  if (!history) throw new Error("one history was asked for, and none was read");
  return history;
}
