import type { Queryable } from "@bookproof/postgres";

export interface OptOut {
  phone: string;
  optedOut: boolean;
  /** The word that was sent, or Twilio's code. */
  keyword: string;
  messageSid: string;
  changedAt: Date;
}

/** Keeps the newest word of a number: an older one that comes late changes nothing. */
export async function upsertOptOut(client: Queryable, tenantId: string, optOut: OptOut): Promise<void> {
  await client.query(
    `INSERT INTO notifier.opt_outs (tenant_id, phone_e164, opted_out, keyword, message_sid, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant_id, phone_e164) DO UPDATE SET opted_out = EXCLUDED.opted_out, keyword = EXCLUDED.keyword,
       message_sid = EXCLUDED.message_sid, changed_at = EXCLUDED.changed_at
     WHERE opt_outs.changed_at <= EXCLUDED.changed_at`,
    [tenantId, optOut.phone, optOut.optedOut, optOut.keyword, optOut.messageSid, optOut.changedAt],
  );
}

export async function isOptedOut(client: Queryable, tenantId: string, phone: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM notifier.opt_outs WHERE tenant_id = $1 AND phone_e164 = $2 AND opted_out",
    [tenantId, phone],
  );
  return rows.length > 0;
}
