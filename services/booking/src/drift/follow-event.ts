import type { Queryable } from "@bookproof/postgres";
import { isConstraint } from "../queries/constraint.ts";

/**
 * The appointment follows its event to where a person moved it, with the buffers it has.
 * @param to milliseconds since the epoch
 * @returns false where something else holds that time: then nothing is changed
 */
export async function followEvent(
  client: Queryable,
  tenantId: string,
  appointmentId: string,
  to: { start: number; end: number },
): Promise<boolean> {
  await client.query("SAVEPOINT before_following");
  try {
    await client.query(
      `UPDATE booking.appointment_holds h SET slot_time = $3, duration_minutes = $5,
         busy_range = tstzrange($3::timestamptz - (h.slot_time - lower(h.busy_range)),
           $4::timestamptz + (upper(h.busy_range) - h.slot_time - make_interval(mins => h.duration_minutes)))
       FROM booking.appointments a
       WHERE a.tenant_id = $1 AND a.id = $2 AND h.tenant_id = $1 AND h.id = a.hold_id AND h.status = 'confirmed'`,
      [tenantId, appointmentId, new Date(to.start), new Date(to.end), minutesOf(to)],
    );
    await client.query(
      `UPDATE booking.appointments SET scheduled_at = $3, duration_minutes = $4, drift = '', drift_seen_at = NULL, verified_at = now(),
         updated_at = now() WHERE tenant_id = $1 AND id = $2 AND status = 'confirmed'`,
      [tenantId, appointmentId, new Date(to.start), minutesOf(to)],
    );
    return true;
  } catch (error) {
    if (!isConstraint(error, "no_overlapping_holds")) throw error;
    await client.query("ROLLBACK TO SAVEPOINT before_following");
    return false;
  }
}

const minutesOf = ({ start, end }: { start: number; end: number }) => Math.round((end - start) / 60_000);
