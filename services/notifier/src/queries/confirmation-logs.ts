import type { Queryable } from "@bookproof/postgres";
import type { confirmationLogStatus } from "../domain/delivery-status.ts";

/** Keeps that the provider accepted an SMS that confirms an appointment. */
export async function insertConfirmationLog(
  client: Queryable,
  tenantId: string,
  log: { messageId: string; appointmentId: string; phone: string },
): Promise<void> {
  await client.query(
    `INSERT INTO notifier.sms_confirmation_logs (message_id, appointment_id, tenant_id, patient_phone, status)
     VALUES ($1, $2, $3, $4, 'queued')
     ON CONFLICT (tenant_id, message_id) DO NOTHING`,
    [log.messageId, log.appointmentId, tenantId, log.phone],
  );
}

/** Keeps what was reported of it last; `error` says in a word or two what became of it where it did not arrive. */
export async function updateConfirmationLog(
  client: Queryable,
  tenantId: string,
  messageId: string,
  report: { status: ReturnType<typeof confirmationLogStatus>; errorCode: number; error: string | null },
): Promise<void> {
  await client.query(
    `UPDATE notifier.sms_confirmation_logs
     SET status = $3, error_code = $4, error_message = $5,
       delivery_timestamp = CASE WHEN $3 = 'delivered' THEN coalesce(delivery_timestamp, clock_timestamp()) ELSE delivery_timestamp END
     WHERE tenant_id = $1 AND message_id = $2`,
    [tenantId, messageId, report.status, report.errorCode ? String(report.errorCode) : null, report.error],
  );
}
