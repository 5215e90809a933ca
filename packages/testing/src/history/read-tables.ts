import type pg from "pg";
import type { TenantTables } from "./history.ts";

type Query = Pick<pg.Pool, "query">;

/** Milliseconds since the epoch of a timestamp's column or expression, as a number; NULL stays NULL. */
const ms = (time: string) => `floor(extract(epoch FROM ${time}) * 1000)::float8`;

/** Each list of `TenantTables` as one statement over one tenant ($1); the columns are named as its row type names them. */
const statements: Record<keyof TenantTables, string> = {
  appointments: `SELECT a.id, a.calendar_id AS "calendarId", ${ms("a.scheduled_at")} AS "startAt",
      ${ms("a.scheduled_at + make_interval(mins => a.duration_minutes)")} AS "endAt", a.status, coalesce(a.calendar_event_id, '') AS "calendarEventId",
      a.calendar_insert_ok AS "insertOk", a.drift, a.hold_id AS "holdId", coalesce(c.phone, '') AS "customerPhone",
      ${ms("a.created_at")} AS "createdAt", ${ms("a.updated_at")} AS "updatedAt"
    FROM booking.appointments a JOIN booking.contacts c ON c.tenant_id = a.tenant_id AND c.id = a.contact_id WHERE a.tenant_id = $1`,
  holds: `SELECT id, calendar_id AS "calendarId", status, ${ms("lower(busy_range)")} AS "busyFrom", ${ms("upper(busy_range)")} AS "busyTo",
      ${ms("expires_at")} AS "expiresAt", coalesce(patient_phone, '') AS "customerPhone"
    FROM booking.appointment_holds WHERE tenant_id = $1`,
  attempts: `SELECT id, hold_id AS "holdId", appointment_id AS "appointmentId", kind, correlation_id AS cid, message_sid AS "messageSid", status,
      ${ms("(snapshot ->> 'start')::timestamptz")} AS "startAt",
      ${ms("(snapshot ->> 'start')::timestamptz + make_interval(mins => (snapshot ->> 'durationMinutes')::int)")} AS "endAt",
      coalesce(reason, '') AS reason, coalesce(last_error, '') AS cause, snapshot ->> 'customerPhone' AS "customerPhone",
      snapshot ->> 'calendarId' AS "calendarId", calendar_event_id AS "calendarEventId", ${ms("created_at")} AS "createdAt",
      ${ms("deadline")} AS "deadlineAt", ${ms("ended_at")} AS "endedAt"
    FROM booking.booking_attempts WHERE tenant_id = $1 ORDER BY created_at`,
  conversations: `SELECT id, customer_phone AS "customerPhone", tenant_phone AS "tenantPhone", correlation_id AS cid, coalesce(stage, '') AS stage,
      needs_human AS "needsHuman", ${ms("needs_human_at")} AS "needsHumanAt"
    FROM agent.conversations WHERE tenant_id = $1`,
  inbound: `SELECT message_sid AS "messageSid", from_e164 AS "from", to_e164 AS "to", body, disposition, correlation_id AS cid,
      ${ms("received_at")} AS "receivedAt", ${ms("read_at")} AS "readAt"
    FROM agent.inbound_messages WHERE tenant_id = $1 ORDER BY received_at`,
  outgoing: `SELECT id, key, correlation_id AS cid, escalation_id AS "escalationId", appointment_id AS "appointmentId", recipient, channel, kind,
      to_address AS "to", from_e164 AS "from", sent_body AS "sentBody", status, provider_sid AS "providerSid", provider_status AS "providerStatus",
      ${ms("created_at")} AS "createdAt"
    FROM notifier.messages WHERE tenant_id = $1 ORDER BY created_at`,
  escalations: `SELECT id, attempt_id AS "attemptId", correlation_id AS cid, reason, ref, status, alert_round AS round,
      requested ->> 'customerPhone' AS "customerPhone", ${ms("created_at")} AS "createdAt", ${ms("resolved_at")} AS "resolvedAt"
    FROM notifier.escalations WHERE tenant_id = $1 ORDER BY created_at`,
  optOuts: `SELECT phone_e164 AS phone, opted_out AS "optedOut", ${ms("changed_at")} AS "changedAt" FROM notifier.opt_outs WHERE tenant_id = $1`,
  traces: `SELECT id::float8, correlation_id AS cid, stage, coalesce(stage_reason, '') AS reason, from_e164 AS "from", coalesce(to_e164, '') AS "to",
      direction, service, coalesce(payload_json ->> 'attemptId', '') AS "attemptId",
      coalesce(payload_json ->> 'messageSid', '') AS "messageSid", ${ms("created_at")} AS at
    FROM trace.sms_flow_traces WHERE tenant_id = $1::text ORDER BY id`,
  calls: `SELECT call_id AS "callId", correlation_id AS cid, customer_phone AS "customerPhone", needs_human AS "needsHuman",
      hold_id AS "holdId", nullif(appointment_id, '') AS "appointmentId"
    FROM agent.calls WHERE tenant_id = $1`,
  builtinEvents: `SELECT calendar_id AS "calendarId", id, appointment_id AS "appointmentId", ${ms("lower(time_range)")} AS "startAt",
      ${ms("upper(time_range)")} AS "endAt", live, ${ms("created_at")} AS "createdAt", ${ms("updated_at")} AS "updatedAt"
    FROM calendar.events WHERE tenant_id = $1`,
};

/** Reads one tenant's rows; `client` must be the superuser's. NULLs become undefined. */
export async function readTables(client: Query, tenantId: string): Promise<TenantTables> {
  const rowsOf = async <Name extends keyof TenantTables>(name: Name): Promise<TenantTables[Name][number][]> => {
    const { rows } = await client.query<TenantTables[Name][number]>(statements[name], [tenantId]);
    for (const row of rows)
      for (const [column, value] of Object.entries(row)) if (value === null) Reflect.set(row, column, undefined);
    return rows;
  };
  return {
    appointments: await rowsOf("appointments"),
    holds: await rowsOf("holds"),
    attempts: await rowsOf("attempts"),
    conversations: await rowsOf("conversations"),
    inbound: await rowsOf("inbound"),
    outgoing: await rowsOf("outgoing"),
    escalations: await rowsOf("escalations"),
    optOuts: await rowsOf("optOuts"),
    traces: await rowsOf("traces"),
    calls: await rowsOf("calls"),
    builtinEvents: await rowsOf("builtinEvents"),
  };
}
