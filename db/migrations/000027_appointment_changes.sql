-- schema: booking
-- Moving and cancelling are attempts of their own kind. An appointment has one at a time, whatever the code does.
CREATE UNIQUE INDEX IF NOT EXISTS one_live_attempt_per_appointment ON booking.booking_attempts (tenant_id, appointment_id) WHERE status = 'started';
CREATE INDEX IF NOT EXISTS booking_attempts_by_appointment ON booking.booking_attempts (tenant_id, appointment_id, created_at);

-- The appointment that a hold was claimed to move.
ALTER TABLE booking.appointment_holds ADD COLUMN IF NOT EXISTS moves_appointment_id UUID;
CREATE INDEX IF NOT EXISTS appointment_holds_by_moved ON booking.appointment_holds (tenant_id, moves_appointment_id) WHERE moves_appointment_id IS NOT NULL;

ALTER TABLE booking.appointments
  ADD COLUMN IF NOT EXISTS cancelled_at TIMESTAMPTZ,
  -- When the calendar last showed its event as the row has it.
  ADD COLUMN IF NOT EXISTS verified_at TIMESTAMPTZ,
  -- What the calendar shows instead, '' where it agrees. uncertain: a failed change may still take effect. An appointment
  -- that drifted is not spoken of as booked (P1).
  ADD COLUMN IF NOT EXISTS drift TEXT NOT NULL DEFAULT '' CHECK (drift IN ('', 'uncertain', 'deleted', 'declined', 'moved')),
  ADD COLUMN IF NOT EXISTS drift_seen_at TIMESTAMPTZ;
UPDATE booking.appointments SET verified_at = updated_at WHERE verified_at IS NULL AND status = 'confirmed';
CREATE INDEX IF NOT EXISTS appointments_by_event ON booking.appointments (tenant_id, calendar_event_id) WHERE calendar_event_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS booking_attempts_by_event ON booking.booking_attempts (tenant_id, calendar_event_id);
CREATE INDEX IF NOT EXISTS booking_attempts_by_old_event ON booking.booking_attempts (tenant_id, (snapshot #>> '{was,calendarEventId}'))
  WHERE snapshot #>> '{was,calendarEventId}' IS NOT NULL;
CREATE INDEX IF NOT EXISTS appointments_by_calendar ON booking.appointments (tenant_id, calendar_id, scheduled_at) WHERE status = 'confirmed';
