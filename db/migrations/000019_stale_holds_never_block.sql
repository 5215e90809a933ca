-- schema: booking
-- Holds that ran out never cost anybody a slot. Another caller may have one locked at the very moment (a claim that will
-- lose, a release), and expire_stale_holds passes over it: whoever meets only such a hold waits for it and tries again.

-- Whether something that has not run out occupies the range, or an appointment. The hold itself does not count.
CREATE OR REPLACE FUNCTION booking.slot_is_taken(p_tenant_id uuid, p_calendar_id text, p_range tstzrange, p_except_hold_id uuid)
RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (SELECT FROM booking.appointment_holds
    WHERE tenant_id = p_tenant_id AND calendar_id = p_calendar_id AND busy_range && p_range AND id <> p_except_hold_id
      AND (status = 'confirmed' OR (status IN ('held', 'kept') AND expires_at > clock_timestamp())))
$$;

-- Waits for whoever has a hold that ran out locked.
CREATE OR REPLACE FUNCTION booking.await_stale_holds(p_tenant_id uuid, p_calendar_id text, p_range tstzrange)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM booking.appointment_holds
  WHERE tenant_id = p_tenant_id AND calendar_id = p_calendar_id AND busy_range && p_range
    AND status IN ('held', 'kept') AND expires_at <= clock_timestamp()
  ORDER BY id FOR UPDATE;
END $$;

-- As before (000004), but for the waiting, and: a hold that ran out is not answered as won again.
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
  FOR attempt IN 1..5 LOOP
    PERFORM booking.expire_stale_holds(p_tenant_id, p_calendar_id, v_range);

    INSERT INTO booking.appointment_holds (id, tenant_id, calendar_id, slot_time, duration_minutes, busy_range, offering_id,
      call_sid, patient_name, patient_phone, status, expires_at)
    VALUES (p_hold_id, p_tenant_id, p_calendar_id, p_slot_time, p_duration_minutes, v_range, p_offering_id,
      p_call_sid, p_patient_name, p_patient_phone, 'held', clock_timestamp() + make_interval(mins => p_hold_minutes))
    ON CONFLICT DO NOTHING
    RETURNING expires_at INTO v_expires_at;
    IF NOT FOUND THEN
      SELECT expires_at INTO v_expires_at FROM booking.appointment_holds
      WHERE tenant_id = p_tenant_id AND id = p_hold_id
        AND (status = 'confirmed' OR (status = 'held' AND expires_at > clock_timestamp()));
    END IF;
    IF FOUND THEN
      RETURN jsonb_build_object('success', true, 'hold_id', p_hold_id, 'expires_at', v_expires_at,
        'message', format('Slot reserved for %s minutes', p_hold_minutes));
    END IF;
    EXIT WHEN booking.slot_is_taken(p_tenant_id, p_calendar_id, v_range, p_hold_id)
      OR EXISTS (SELECT FROM booking.appointment_holds
        WHERE tenant_id = p_tenant_id AND id = p_hold_id AND status IN ('released', 'expired', 'kept'));
    PERFORM booking.await_stale_holds(p_tenant_id, p_calendar_id, v_range);
  END LOOP;
  RETURN jsonb_build_object('success', false, 'error', 'Slot already held');
END $$;

-- As before (000004), but for the waiting.
CREATE OR REPLACE FUNCTION booking.reclaim_hold(p_hold_id uuid, p_tenant_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_hold booking.appointment_holds;
BEGIN
  SELECT * INTO v_hold FROM booking.appointment_holds WHERE tenant_id = p_tenant_id AND id = p_hold_id FOR UPDATE;
  IF NOT FOUND OR v_hold.status <> 'expired' THEN
    RETURN FOUND AND v_hold.status = 'held';
  END IF;
  FOR attempt IN 1..5 LOOP
    BEGIN
      PERFORM booking.expire_stale_holds(p_tenant_id, v_hold.calendar_id, v_hold.busy_range);
      UPDATE booking.appointment_holds SET status = 'held' WHERE tenant_id = p_tenant_id AND id = p_hold_id;
      RETURN true;
    EXCEPTION WHEN exclusion_violation THEN
      IF booking.slot_is_taken(p_tenant_id, v_hold.calendar_id, v_hold.busy_range, p_hold_id) THEN
        RETURN false;
      END IF;
    END;
    PERFORM booking.await_stale_holds(p_tenant_id, v_hold.calendar_id, v_hold.busy_range);
  END LOOP;
  RETURN false;
END $$;
