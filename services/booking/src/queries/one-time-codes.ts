import type { Queryable } from "@bookproof/postgres";

/** Codes sent so far: for the hold ever, for recipient and tenant within the last hour. */
export interface CodesSent {
  forHold: number;
  toRecipient: number;
  forTenant: number;
}

/** Counts a tenant's codes and keeps others from counting until this transaction ends, so that no limit is overrun by a race. */
export async function lockAndCountCodes(
  client: Queryable,
  tenantId: string,
  of: { holdId: string; recipientHash: string },
): Promise<CodesSent> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('otp:' || $1, 0))", [tenantId]);
  const { rows } = await client.query<{ for_hold: number; to_recipient: number; for_tenant: number }>(
    `SELECT (SELECT count(*)::integer FROM booking.otp_sends WHERE tenant_id = $1 AND hold_id = $2) AS for_hold,
       count(*) FILTER (WHERE recipient_hash = $3)::integer AS to_recipient, count(*)::integer AS for_tenant
     FROM booking.otp_sends WHERE tenant_id = $1 AND sent_at > clock_timestamp() - interval '1 hour'`,
    [tenantId, of.holdId, of.recipientHash],
  );
  const row = rows[0];
  return { forHold: row?.for_hold ?? 0, toRecipient: row?.to_recipient ?? 0, forTenant: row?.for_tenant ?? 0 };
}

/** Stores a hold's new code, sealed, in place of an earlier one, and counts it. The tries made so far stay counted. */
export async function insertCode(
  client: Queryable,
  tenantId: string,
  code: { holdId: string; sequence: number; recipientHash: string; sealed: string },
): Promise<void> {
  await client.query(
    "INSERT INTO booking.otp_sends (tenant_id, hold_id, sequence, recipient_hash) VALUES ($1, $2, $3, $4)",
    [tenantId, code.holdId, code.sequence, code.recipientHash],
  );
  await client.query(
    "UPDATE booking.appointment_holds SET otp_code = $3, otp_sent_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2",
    [tenantId, code.holdId, code.sealed],
  );
}

/** Counts a wrong code. @returns how many there were with it. */
export async function countWrongCode(client: Queryable, tenantId: string, holdId: string): Promise<number> {
  const { rows } = await client.query<{ otp_attempts: number }>(
    "UPDATE booking.appointment_holds SET otp_attempts = otp_attempts + 1 WHERE tenant_id = $1 AND id = $2 RETURNING otp_attempts",
    [tenantId, holdId],
  );
  return rows[0]?.otp_attempts ?? 0;
}
