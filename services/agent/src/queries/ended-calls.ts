import type { Queryable } from "@bookproof/postgres";
import type { Call } from "./calls.ts";

/** Stores the end of a call. @returns false when it was stored before: the report comes twice, its effects do not. */
export async function storeCallEnd(
  client: Queryable,
  call: Call,
  end: {
    endedReason: string;
    startedAt: Date | undefined;
    endedAt: Date;
    durationSeconds: number;
    transcript: string;
    recordingUrl: string;
    summary: string;
    /** JSON, or undefined. */
    structuredData: string | undefined;
    leadScore: number;
    leadScoreParts: { part: string; points: number; says: string }[];
  },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE agent.calls SET ended_reason = $3, started_at = $4, ended_at = $5, duration_seconds = $6, transcript = $7,
       recording_url = $8, summary = $9, structured_data = $10, lead_score = $11, lead_score_parts = $12, updated_at = now()
     WHERE tenant_id = $1 AND call_id = $2 AND ended_at IS NULL`,
    [
      call.tenantId,
      call.callId,
      end.endedReason,
      end.startedAt ?? null,
      end.endedAt,
      end.durationSeconds,
      end.transcript,
      end.recordingUrl,
      end.summary,
      end.structuredData ?? null,
      end.leadScore,
      JSON.stringify(end.leadScoreParts),
    ],
  );
  return rowCount === 1;
}

/** @returns false when this call's alert exists. */
export async function insertHotLeadAlert(
  client: Queryable,
  alert: {
    tenantId: string;
    callId: string;
    leadScore: number;
    customerName: string;
    customerPhone: string;
    offeringName: string;
    bookedStart: string | undefined;
  },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO agent.hot_lead_alerts (tenant_id, call_id, lead_score, customer_name, customer_phone, offering_name, booked_start)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [
      alert.tenantId,
      alert.callId,
      alert.leadScore,
      alert.customerName,
      alert.customerPhone,
      alert.offeringName,
      alert.bookedStart ?? null,
    ],
  );
  return rowCount === 1;
}
