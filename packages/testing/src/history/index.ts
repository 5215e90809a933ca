export { checkHistory } from "./check-history.ts";
export type {
  HistoryCalendar,
  HistoryTenant,
  Statement,
  TenantHistory,
  TenantTables,
  VendorLedgers,
} from "./history.ts";
export { historyTenant } from "./history-tenant.ts";
export { type HistoryRequest, type HistorySource, readHistories, readHistory } from "./read-history.ts";
export type { CheckOptions, HistoryCounts, HistoryReport, Invariant, Violation } from "./verdict.ts";
export { type Pause, watchPauses } from "./watch-pauses.ts";
