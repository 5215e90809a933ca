import type { Queryable } from "@bookproof/postgres";
import type { MessageStatus } from "../domain/delivery-status.ts";
import { countStatus, joinBefore, returnChange, type StatusChange } from "./count-status.ts";

/** The intent to send these words, committed before they leave. @returns false when the number has opted out meanwhile. */
export async function beginSending(
  client: Queryable,
  tenantId: string,
  id: string,
  intent: { from: string; words: string },
): Promise<boolean> {
  const { rows } = await client.query<StatusChange>(
    `UPDATE notifier.messages AS message
     SET status = 'sending', sent_body = $3, from_e164 = $4, sending_at = clock_timestamp(), updated_at = clock_timestamp()
     ${joinBefore} AND message.status IN ('pending', 'sending')
       AND (message.recipient = 'owner' OR NOT EXISTS (
         SELECT 1 FROM notifier.opt_outs AS opt_out
         WHERE opt_out.tenant_id = message.tenant_id AND opt_out.phone_e164 = message.to_address AND opt_out.opted_out))
     ${returnChange}`,
    [tenantId, id, intent.words, intent.from],
  );
  countStatus(client, rows[0]);
  return rows.length === 1;
}

/** Stores what the provider calls the message it took in. No report follows a mail: it is sent. */
export async function storeSid(client: Queryable, tenantId: string, id: string, sid: string): Promise<void> {
  const { rows } = await client.query<StatusChange>(
    `UPDATE notifier.messages AS message
     SET status = CASE channel WHEN 'email' THEN 'sent' ELSE 'queued' END, provider_sid = $3, provider_status = 'queued', updated_at = clock_timestamp()
     ${joinBefore} ${returnChange}`,
    [tenantId, id, sid],
  );
  countStatus(client, rows[0]);
}

/** Ends a message without a delivery, or puts it back to pending where it certainly did not leave. */
export async function setStatus(
  client: Queryable,
  tenantId: string,
  id: string,
  end: { status: MessageStatus; errorCode?: number; error?: string },
): Promise<void> {
  const { rows } = await client.query<StatusChange>(
    `UPDATE notifier.messages AS message SET status = $3, error_code = $4, error_message = $5, updated_at = clock_timestamp()
     ${joinBefore} ${returnChange}`,
    [tenantId, id, end.status, end.errorCode || null, end.error ?? null],
  );
  countStatus(client, rows[0]);
}

/** Stores what Twilio reported last. */
export async function setDelivery(
  client: Queryable,
  tenantId: string,
  id: string,
  delivery: { status: MessageStatus; providerStatus: string; errorCode: number },
): Promise<void> {
  const { rows } = await client.query<StatusChange>(
    `UPDATE notifier.messages AS message SET status = $3, provider_status = $4, error_code = $5, updated_at = clock_timestamp()
     ${joinBefore} ${returnChange}`,
    [tenantId, id, delivery.status, delivery.providerStatus, delivery.errorCode || null],
  );
  countStatus(client, rows[0]);
}

export interface EarlyDelivery {
  providerStatus: string;
  errorCode: number;
}

/** Lets one transaction at a time decide about a sid: its storing and its first callback race. */
export async function lockSid(client: Queryable, sid: string): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", [sid]);
}

/** Keeps a callback whose sid is not stored yet, and forgets those that nobody asked for within a day. */
export async function keepEarlyDelivery(
  client: Queryable,
  tenantId: string,
  sid: string,
  delivery: EarlyDelivery,
): Promise<void> {
  await client.query(
    `WITH forgotten AS (DELETE FROM notifier.early_deliveries WHERE tenant_id = $1 AND received_at < clock_timestamp() - interval '1 day')
     INSERT INTO notifier.early_deliveries (tenant_id, provider_sid, provider_status, error_code) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [tenantId, sid, delivery.providerStatus, delivery.errorCode],
  );
}

/** Takes out what was kept for a sid, oldest first. */
export async function takeEarlyDeliveries(client: Queryable, tenantId: string, sid: string): Promise<EarlyDelivery[]> {
  const { rows } = await client.query<EarlyDelivery>(
    `WITH taken AS (DELETE FROM notifier.early_deliveries WHERE tenant_id = $1 AND provider_sid = $2
       RETURNING provider_status, error_code, received_at)
     SELECT provider_status AS "providerStatus", error_code AS "errorCode" FROM taken ORDER BY received_at`,
    [tenantId, sid],
  );
  return rows;
}
