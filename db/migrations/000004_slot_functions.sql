-- schema: booking
-- Holds that ran out give way to whoever comes now. SKIP LOCKED: a hold being confirmed at this moment is not stale,
-- and the exclusion constraint waits for it anyway.
CREATE OR REPLACE FUNCTION booking.expire_stale_holds(p_tenant_id uuid, p_calendar_id text, p_range tstzrange)
RETURNS void LANGUAGE sql AS $$
  UPDATE booking.appointment_holds SET status = 'expired'
  WHERE tenant_id = p_tenant_id AND id IN (
    SELECT id FROM booking.appointment_holds
    WHERE tenant_id = p_tenant_id AND calendar_id = p_calendar_id AND busy_range && p_range
      AND status IN ('held', 'kept') AND expires_at <= clock_timestamp()
    ORDER BY id FOR UPDATE SKIP LOCKED)
$$;

-- Reserves a slot. A loser is answered, not raised: {"success": false, "error": "Slot already held"}.
-- The same hold id is the same hold, so that a repeated call changes nothing.
CREATE OR REPLACE FUNCTION booking.claim_slot_atomic(
  p_tenant_id uuid, p_calendar_id text, p_slot_time timestamptz, p_call_sid text, p_patient_name text, p_patient_phone text,
  p_hold_minutes integer DEFAULT 10, p_duration_minutes integer DEFAULT 30,
  p_buffer_before_minutes integer DEFAULT 0, p_buffer_after_minutes integer DEFAULT 0,
  p_hold_id uuid DEFAULT gen_random_uuid(), p_offering_id text DEFAULT NULL
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_range tstzrange := tstzrange(
    p_slot_time - make_interval(mins => p_buffer_before_minutes),
    p_slot_time + make_interval(mins => p_duration_minutes + p_buffer_after_minutes));
  v_expires_at timestamptz;
BEGIN
  PERFORM booking.expire_stale_holds(p_tenant_id, p_calendar_id, v_range);

  INSERT INTO booking.appointment_holds (id, tenant_id, calendar_id, slot_time, duration_minutes, busy_range, offering_id,
    call_sid, patient_name, patient_phone, status, expires_at)
  VALUES (p_hold_id, p_tenant_id, p_calendar_id, p_slot_time, p_duration_minutes, v_range, p_offering_id,
    p_call_sid, p_patient_name, p_patient_phone, 'held', clock_timestamp() + make_interval(mins => p_hold_minutes))
  ON CONFLICT DO NOTHING
  RETURNING expires_at INTO v_expires_at;

  IF NOT FOUND THEN
    SELECT expires_at INTO v_expires_at FROM booking.appointment_holds
    WHERE tenant_id = p_tenant_id AND id = p_hold_id AND status IN ('held', 'confirmed');
    IF NOT FOUND THEN
      RETURN jsonb_build_object('success', false, 'error', 'Slot already held');
    END IF;
  END IF;
  RETURN jsonb_build_object('success', true, 'hold_id', p_hold_id, 'expires_at', v_expires_at,
    'message', format('Slot reserved for %s minutes', p_hold_minutes));
END $$;

-- Takes a hold back for its own customer after it ran out, if its slot is still free.
CREATE OR REPLACE FUNCTION booking.reclaim_hold(p_hold_id uuid, p_tenant_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_hold booking.appointment_holds;
BEGIN
  SELECT * INTO v_hold FROM booking.appointment_holds WHERE tenant_id = p_tenant_id AND id = p_hold_id FOR UPDATE;
  IF NOT FOUND OR v_hold.status <> 'expired' THEN
    RETURN FOUND AND v_hold.status = 'held';
  END IF;
  PERFORM booking.expire_stale_holds(p_tenant_id, v_hold.calendar_id, v_hold.busy_range);
  UPDATE booking.appointment_holds SET status = 'held' WHERE tenant_id = p_tenant_id AND id = p_hold_id;
  RETURN true;
EXCEPTION WHEN exclusion_violation THEN
  RETURN false;
END $$;

-- Turns a hold into a confirmed appointment, in the caller's transaction. Refuses without a calendar event (P1).
CREATE OR REPLACE FUNCTION booking.confirm_held_slot(
  p_hold_id uuid, p_tenant_id uuid, p_contact_id uuid, p_service_type text, p_calendar_event_id text DEFAULT NULL
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_hold booking.appointment_holds;
  v_appointment_id uuid;
BEGIN
  IF coalesce(p_calendar_event_id, '') = '' THEN
    RETURN jsonb_build_object('success', false, 'error', 'Calendar event missing');
  END IF;
  SELECT * INTO v_hold FROM booking.appointment_holds WHERE tenant_id = p_tenant_id AND id = p_hold_id FOR UPDATE;
  IF NOT FOUND OR v_hold.status <> 'held' THEN
    RETURN jsonb_build_object('success', false, 'error', 'Hold not found or not held');
  END IF;

  INSERT INTO booking.appointments AS a (id, tenant_id, contact_id, service_type, calendar_id, scheduled_at, duration_minutes,
    status, calendar_event_id, calendar_insert_ok, hold_id)
  VALUES (gen_random_uuid(), p_tenant_id, p_contact_id, p_service_type, v_hold.calendar_id, v_hold.slot_time, v_hold.duration_minutes,
    'confirmed', p_calendar_event_id, true, p_hold_id)
  ON CONFLICT ON CONSTRAINT uq_appointments_hold DO UPDATE
    SET status = 'confirmed', calendar_event_id = p_calendar_event_id, calendar_insert_ok = true, updated_at = now()
    WHERE a.status = 'pending'
  RETURNING id INTO v_appointment_id;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('success', false, 'error', 'Appointment not pending');
  END IF;

  UPDATE booking.appointment_holds SET status = 'confirmed', appointment_id = v_appointment_id
  WHERE tenant_id = p_tenant_id AND id = p_hold_id;
  RETURN jsonb_build_object('success', true, 'appointment_id', v_appointment_id, 'message', 'Hold confirmed as appointment');
END $$;

-- Gives a held slot back. A slot whose attempt is running is not given back. Locked first: the UPDATE's own snapshot would not
-- show an attempt that began while it waited for the hold.
CREATE OR REPLACE FUNCTION booking.release_hold(p_hold_id uuid, p_tenant_id uuid) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM booking.appointment_holds WHERE tenant_id = p_tenant_id AND id = p_hold_id FOR UPDATE;
  UPDATE booking.appointment_holds h SET status = 'released'
  WHERE h.tenant_id = p_tenant_id AND h.id = p_hold_id AND h.status = 'held'
    AND NOT EXISTS (SELECT FROM booking.booking_attempts a
      WHERE a.tenant_id = h.tenant_id AND a.hold_id = h.id AND a.status = 'started');
  RETURN jsonb_build_object('success', FOUND);
END $$;
