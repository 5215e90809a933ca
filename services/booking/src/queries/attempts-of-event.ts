import type { Queryable } from "@bookproof/postgres";

/** An attempt that wrote, or was to leave, a calendar event. */
export interface AttemptOfEvent {
  id: string;
  kind: "book" | "move" | "cancel";
  status: "started" | "confirmed" | "failed";
  /** Whether it is the event on the calendar that the attempt moved its appointment from. */
  isOldEvent: boolean;
  /** Whether it was to move the very event, and made none. */
  isInPlace: boolean;
}

/** Every attempt that an event may come from, newest first. */
export async function selectAttemptsOfEvent(
  client: Queryable,
  tenantId: string,
  calendarEventId: string,
): Promise<AttemptOfEvent[]> {
  const { rows } = await client.query<AttemptOfEvent>(
    `SELECT id, kind, status, calendar_event_id <> $2 AS "isOldEvent",
       kind = 'move' AND calendar_event_id = coalesce(snapshot #>> '{was,calendarEventId}', '') AS "isInPlace" FROM booking.booking_attempts
     WHERE tenant_id = $1 AND (calendar_event_id = $2 OR snapshot #>> '{was,calendarEventId}' = $2) ORDER BY created_at DESC`,
    [tenantId, calendarEventId],
  );
  return rows;
}
