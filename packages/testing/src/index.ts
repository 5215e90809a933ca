export { eventually } from "./eventually.ts";
export { type Address, type ProxiedConnection, startTcpProxy, type TcpProxy } from "./fault-proxy/index.ts";
export {
  type CheckOptions,
  checkHistory,
  type HistoryCalendar,
  type HistoryCounts,
  type HistoryReport,
  type HistoryRequest,
  type HistorySource,
  type HistoryTenant,
  historyTenant,
  type Invariant,
  type Pause,
  readHistories,
  readHistory,
  type Statement,
  type TenantHistory,
  type TenantTables,
  type VendorLedgers,
  type Violation,
  watchPauses,
} from "./history/index.ts";
export { createTestDatabase, type TestDatabase } from "./test-database.ts";
export { startTestKafka, type TestKafka } from "./test-kafka.ts";
export { serverUrlVariable, startTestServer } from "./test-server.ts";
