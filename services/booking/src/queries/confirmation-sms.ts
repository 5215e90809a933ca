import type { Queryable } from "@bookproof/postgres";

/** Notes that the provider accepted an appointment's confirmation SMS. @returns false when there is no such row, or one is noted. */
export async function recordConfirmationSms(
  client: Queryable,
  tenantId: string,
  sms: { appointmentId: string; messageId: string; sentAt: Date },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE booking.appointments
     SET confirmation_sms_sent = TRUE, confirmation_sms_id = $3, confirmation_sms_sent_at = $4, updated_at = now()
     WHERE tenant_id = $1 AND id = $2 AND NOT confirmation_sms_sent`,
    [tenantId, sms.appointmentId, sms.messageId, sms.sentAt],
  );
  return rowCount === 1;
}
