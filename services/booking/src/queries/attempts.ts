import type { Queryable } from "@bookproof/postgres";
import { z } from "zod";

/** The appointment before a change of it. `busyFrom` and `busyTo` are what its slot occupied, buffers included. */
const beforeSchema = z.object({
  holdId: z.string(),
  calendarId: z.string(),
  calendarName: z.string(),
  calendarEventId: z.string(),
  start: z.iso.datetime(),
  durationMinutes: z.number(),
  busyFrom: z.iso.datetime(),
  busyTo: z.iso.datetime(),
});
export type Before = z.infer<typeof beforeSchema>;

/** What was confirmed, as it stood when the customer said so. */
export const snapshotSchema = z.object({
  offeringId: z.string(),
  offeringName: z.string(),
  calendarId: z.string(),
  calendarName: z.string(),
  start: z.iso.datetime(),
  durationMinutes: z.number(),
  address: z.string(),
  customerName: z.string(),
  customerPhone: z.string(),
  customerEmail: z.string(),
  contactId: z.string(),
  tenantName: z.string(),
  businessPhone: z.string(),
  bookingSource: z.string().default("sms"),
  /** Of a move or a cancellation. */
  was: beforeSchema.optional(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

export interface Attempt {
  id: string;
  /** Its slot; of a cancellation the appointment's own. */
  holdId: string;
  appointmentId: string;
  kind: "book" | "move" | "cancel";
  cid: string;
  conversationId: string;
  messageSid: string;
  status: "started" | "confirmed" | "failed";
  reason: string;
  /** What led to a failure: a reason of packages/errors. */
  cause: string;
  deadline: Date;
  snapshot: Snapshot;
  calendarEventId: string;
}

const columns =
  "id, hold_id, appointment_id, kind, correlation_id, conversation_id, message_sid, status, reason, last_error, deadline, snapshot, calendar_event_id";

interface AttemptRow {
  id: string;
  hold_id: string;
  appointment_id: string;
  kind: Attempt["kind"];
  correlation_id: string;
  conversation_id: string;
  message_sid: string;
  status: Attempt["status"];
  reason: string | null;
  last_error: string | null;
  deadline: Date;
  snapshot: unknown;
  calendar_event_id: string;
}

const toAttempt = (row: AttemptRow): Attempt => ({
  id: row.id,
  holdId: row.hold_id,
  appointmentId: row.appointment_id,
  kind: row.kind,
  cid: row.correlation_id,
  conversationId: row.conversation_id,
  messageSid: row.message_sid,
  status: row.status,
  reason: row.reason ?? "",
  cause: row.last_error ?? "",
  deadline: row.deadline,
  snapshot: snapshotSchema.parse(row.snapshot),
  calendarEventId: row.calendar_event_id,
});

export async function selectAttempt(
  client: Queryable,
  tenantId: string,
  attemptId: string,
): Promise<Attempt | undefined> {
  const { rows } = await client.query<AttemptRow>(
    `SELECT ${columns} FROM booking.booking_attempts WHERE tenant_id = $1 AND id = $2`,
    [tenantId, attemptId],
  );
  return rows[0] && toAttempt(rows[0]);
}

/** Starts an attempt whose deadline is `deadlineMs` from now, by database time. */
export async function insertAttempt(
  client: Queryable,
  tenantId: string,
  attempt: Omit<Attempt, "status" | "reason" | "cause" | "deadline">,
  deadlineMs: number,
): Promise<Attempt> {
  const { rows } = await client.query<AttemptRow>(
    `INSERT INTO booking.booking_attempts (tenant_id, id, hold_id, appointment_id, correlation_id, conversation_id, message_sid, status,
       deadline, snapshot, calendar_event_id, kind)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'started', clock_timestamp() + make_interval(secs => $8 / 1000.0), $9, $10, $11)
     RETURNING ${columns}`,
    [
      tenantId,
      attempt.id,
      attempt.holdId,
      attempt.appointmentId,
      attempt.cid,
      attempt.conversationId,
      attempt.messageSid,
      deadlineMs,
      JSON.stringify(attempt.snapshot),
      attempt.calendarEventId,
      attempt.kind,
    ],
  );
  if (!rows[0]) throw new Error("the attempt's insert returned no row");
  return toAttempt(rows[0]);
}

/** Compare-and-set started → confirmed or failed. @returns how long it took, in milliseconds; undefined when it had ended already. */
export async function endAttempt(
  client: Queryable,
  tenantId: string,
  attemptId: string,
  end: { status: "confirmed" } | { status: "failed"; reason: string; lastError: string },
): Promise<number | undefined> {
  const { rows } = await client.query<{ tookMs: number }>(
    `UPDATE booking.booking_attempts SET status = $3, reason = $4, last_error = $5, ended_at = clock_timestamp()
     WHERE tenant_id = $1 AND id = $2 AND status = 'started'
     RETURNING (extract(epoch FROM ended_at - created_at) * 1000)::float8 AS "tookMs"`,
    [
      tenantId,
      attemptId,
      end.status,
      end.status === "failed" ? end.reason : null,
      end.status === "failed" ? end.lastError : null,
    ],
  );
  return rows[0]?.tookMs;
}

/** The newest attempt of an appointment. */
export async function selectAttemptOfAppointment(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
): Promise<Attempt | undefined> {
  const { rows } = await client.query<AttemptRow>(
    `SELECT ${columns} FROM booking.booking_attempts WHERE tenant_id = $1 AND appointment_id = $2 ORDER BY created_at DESC LIMIT 1`,
    [tenantId, appointmentId],
  );
  return rows[0] && toAttempt(rows[0]);
}

/** Whether another attempt of the same journey was confirmed since this one failed. */
export async function isBookedSince(client: Queryable, tenantId: string, attempt: Attempt): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM booking.booking_attempts AS later JOIN booking.booking_attempts AS this ON this.tenant_id = $1 AND this.id = $2
     WHERE later.tenant_id = $1 AND later.correlation_id = $3 AND later.status = 'confirmed' AND later.ended_at > this.ended_at LIMIT 1`,
    [tenantId, attempt.id, attempt.cid],
  );
  return rows.length > 0;
}
