/** What a program needs to talk to a running system, without loading what runs one. */
export {
  type AdminApi,
  AdminApiError,
  type Assistant,
  type CalendarConnections,
  createAdminApi,
  type DoctorCheck,
  type Examination,
  type Role,
  type SmsFlow,
  type TestAlertState,
} from "./admin-api.ts";
export type { ChangedAppointment, ListedAppointment } from "./appointment-calls.ts";
export type { CalendarAudit, CalendarDifference } from "./calendar-audit.ts";
export { readSandboxSecrets } from "./tenant-secrets.ts";
export { readWorldFile, type WorldFile } from "./world-file.ts";
