import type { Queryable } from "@bookproof/postgres";
import type { Span } from "../domain/openings.ts";

export interface Hold {
  id: string;
  calendarId: string;
  offeringId: string;
  start: Date;
  durationMinutes: number;
  status: "held" | "kept" | "confirmed" | "expired" | "released";
  customerPhone: string;
  customerEmail: string;
  customerName: string;
  /** Empty where the hold was made without one. */
  contactId: string;
  bookingSource: string;
  /** Whether it has not run out, by database time. */
  unexpired: boolean;
  /** Keyed hash of its one-time code; empty before one was sent. */
  otpCode: string;
  otpAttempts: number;
  /** The appointment it was claimed to move; empty for a booking's. */
  movesAppointmentId: string;
}

interface HoldRow {
  id: string;
  calendar_id: string;
  offering_id: string | null;
  slot_time: Date;
  duration_minutes: number;
  status: Hold["status"];
  patient_phone: string | null;
  patient_email: string | null;
  patient_name: string | null;
  contact_id: string | null;
  booking_source: string | null;
  unexpired: boolean;
  otp_code: string | null;
  otp_attempts: number;
  moves_appointment_id: string | null;
}

/** A claim's answer, as claim_slot_atomic words it. */
export interface ClaimAnswer {
  success: boolean;
  hold_id?: string;
  expires_at?: string;
  error?: string;
}

/** A slot that is wanted, and for whom. */
export interface SlotClaim {
  tenantId: string;
  holdId: string;
  calendarId: string;
  offeringId: string;
  start: Date;
  callSid: string;
  customerName: string;
  customerPhone: string;
  holdMinutes: number;
  durationMinutes: number;
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
}

/** Reserves a slot; a loser gets `success: false`. */
export async function claimSlotAtomic(client: Queryable, claim: SlotClaim): Promise<ClaimAnswer> {
  const { rows } = await client.query<{ answer: ClaimAnswer }>({
    name: "claim_slot_atomic",
    text: "SELECT booking.claim_slot_atomic($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS answer",
    values: [
      claim.tenantId,
      claim.calendarId,
      claim.start,
      claim.callSid,
      claim.customerName,
      claim.customerPhone,
      claim.holdMinutes,
      claim.durationMinutes,
      claim.bufferBeforeMinutes,
      claim.bufferAfterMinutes,
      claim.holdId,
      claim.offeringId,
    ],
  });
  return rows[0]?.answer ?? { success: false, error: "Slot already held" };
}

/** Locks a hold for this transaction. */
export async function lockHold(client: Queryable, tenantId: string, holdId: string): Promise<Hold | undefined> {
  const { rows } = await client.query<HoldRow>(
    `SELECT id, calendar_id, offering_id, slot_time, duration_minutes, status, patient_phone, patient_email, patient_name,
       contact_id, booking_source, expires_at > clock_timestamp() AS unexpired, otp_code, otp_attempts,
       moves_appointment_id
     FROM booking.appointment_holds WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
    [tenantId, holdId],
  );
  const row = rows[0];
  return row && toHold(row);
}

function toHold(row: HoldRow): Hold {
  return {
    id: row.id,
    calendarId: row.calendar_id,
    offeringId: row.offering_id ?? "",
    start: row.slot_time,
    durationMinutes: row.duration_minutes,
    status: row.status,
    customerPhone: row.patient_phone ?? "",
    customerEmail: row.patient_email ?? "",
    customerName: row.patient_name ?? "",
    contactId: row.contact_id ?? "",
    bookingSource: row.booking_source ?? "",
    unexpired: row.unexpired,
    otpCode: row.otp_code ?? "",
    otpAttempts: row.otp_attempts,
    movesAppointmentId: row.moves_appointment_id ?? "",
  };
}

/** Takes a hold back after it ran out, if its slot is still free; true also when it never ran out. */
export async function reclaimHold(client: Queryable, tenantId: string, holdId: string): Promise<boolean> {
  const { rows } = await client.query<{ reclaimed: boolean }>("SELECT booking.reclaim_hold($1, $2) AS reclaimed", [
    holdId,
    tenantId,
  ]);
  return rows[0]?.reclaimed ?? false;
}

/** Keeps a hold alive for at least `ms` milliseconds of database time. */
export async function extendHold(client: Queryable, tenantId: string, holdId: string, ms: number): Promise<void> {
  await client.query(
    `UPDATE booking.appointment_holds SET expires_at = greatest(expires_at, clock_timestamp() + make_interval(secs => $3 / 1000.0))
     WHERE tenant_id = $1 AND id = $2`,
    [tenantId, holdId, ms],
  );
}

/** After a failed attempt the slot stays with this customer, for a human to settle. @returns false where it was lost before. */
export async function keepHoldForHuman(
  client: Queryable,
  tenantId: string,
  holdId: string,
  ms: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE booking.appointment_holds SET status = 'kept', expires_at = clock_timestamp() + make_interval(secs => $3 / 1000.0)
     WHERE tenant_id = $1 AND id = $2 AND status = 'held'`,
    [tenantId, holdId, ms],
  );
  return rowCount === 1;
}

/** Ends a kept hold whose time is over. @returns its status after that, and how long it is still kept, in milliseconds. */
export async function endKeptHold(
  client: Queryable,
  tenantId: string,
  holdId: string,
): Promise<{ status: Hold["status"]; keptForMs: number } | undefined> {
  await client.query(
    `UPDATE booking.appointment_holds SET status = 'expired'
     WHERE tenant_id = $1 AND id = $2 AND status = 'kept' AND expires_at <= clock_timestamp()`,
    [tenantId, holdId],
  );
  const { rows } = await client.query<{ status: Hold["status"]; keptForMs: number }>(
    `SELECT status, greatest(0, ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000))::int AS "keptForMs"
     FROM booking.appointment_holds WHERE tenant_id = $1 AND id = $2`,
    [tenantId, holdId],
  );
  return rows[0];
}

/** Gives a held slot back. @returns whether there was something to give back. */
export async function releaseHeldSlot(client: Queryable, tenantId: string, holdId: string): Promise<boolean> {
  const { rows } = await client.query<{ answer: { success: boolean } }>(
    "SELECT booking.release_hold($1, $2) AS answer",
    [holdId, tenantId],
  );
  return rows[0]?.answer.success ?? false;
}

/** Holds of one conversation's customer that stand in the way of a slot it now wants: a turn that was cut off leaves one. */
export async function selectOwnOverlapping(
  client: Queryable,
  tenantId: string,
  wanted: { calendarIds: string[]; conversationId: string; customerPhone: string; exceptHoldId: string; within: Span },
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM booking.appointment_holds
     WHERE tenant_id = $1 AND calendar_id = ANY ($2) AND call_sid = $3 AND patient_phone = $4 AND id <> $5 AND status = 'held'
       AND busy_range && tstzrange($6, $7)`,
    [
      tenantId,
      wanted.calendarIds,
      wanted.conversationId,
      wanted.customerPhone,
      wanted.exceptHoldId,
      new Date(wanted.within.from),
      new Date(wanted.within.to),
    ],
  );
  return rows.map(({ id }) => id);
}

/** Gives back what was held to move an appointment to, but for one hold. */
export async function releaseMoveHolds(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
  exceptHoldId: string,
): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    "SELECT id FROM booking.appointment_holds WHERE tenant_id = $1 AND moves_appointment_id = $2 AND status = 'held' AND id <> $3 ORDER BY id",
    [tenantId, appointmentId, exceptHoldId],
  );
  for (const { id } of rows) await releaseHeldSlot(client, tenantId, id);
}

/** Where a held slot is, and what it occupies, buffers included; undefined for any other. */
export async function selectHeldPlace(
  client: Queryable,
  tenantId: string,
  holdId: string,
): Promise<{ calendarId: string; span: Span } | undefined> {
  const { rows } = await client.query<{ calendar_id: string; from_at: Date; to_at: Date }>(
    `SELECT calendar_id, lower(busy_range) AS from_at, upper(busy_range) AS to_at FROM booking.appointment_holds
     WHERE tenant_id = $1 AND id = $2 AND status IN ('held', 'expired')`,
    [tenantId, holdId],
  );
  const row = rows[0];
  return row && { calendarId: row.calendar_id, span: { from: row.from_at.getTime(), to: row.to_at.getTime() } };
}
