-- schema: booking
-- A slot is looked for by its time as well: row-level security keeps && out of an index (it may leak what it compares), and
-- without a bound that it does let in, every look at a calendar reads all the appointments it ever had. A slot's range begins
-- a day before its time at the earliest and ends two days after it at the latest (buffers and duration are a day at most).
CREATE INDEX IF NOT EXISTS appointment_holds_by_time ON booking.appointment_holds (tenant_id, calendar_id, slot_time)
  WHERE status IN ('held', 'kept', 'confirmed');

-- As before (000004), but for the bound.
CREATE OR REPLACE FUNCTION booking.expire_stale_holds(p_tenant_id uuid, p_calendar_id text, p_range tstzrange)
RETURNS void LANGUAGE sql AS $$
  UPDATE booking.appointment_holds SET status = 'expired'
  WHERE tenant_id = p_tenant_id AND id IN (
    SELECT id FROM booking.appointment_holds
    WHERE tenant_id = p_tenant_id AND calendar_id = p_calendar_id AND busy_range && p_range
      AND slot_time > lower(p_range) - interval '2 days' AND slot_time < upper(p_range) + interval '1 day'
      AND status IN ('held', 'kept') AND expires_at <= clock_timestamp()
    ORDER BY id FOR UPDATE SKIP LOCKED)
$$;

-- As before (000019), but for the bound.
CREATE OR REPLACE FUNCTION booking.slot_is_taken(p_tenant_id uuid, p_calendar_id text, p_range tstzrange, p_except_hold_id uuid)
RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (SELECT FROM booking.appointment_holds
    WHERE tenant_id = p_tenant_id AND calendar_id = p_calendar_id AND busy_range && p_range AND id <> p_except_hold_id
      AND slot_time > lower(p_range) - interval '2 days' AND slot_time < upper(p_range) + interval '1 day'
      AND (status = 'confirmed' OR (status IN ('held', 'kept') AND expires_at > clock_timestamp())))
$$;

-- As before (000019), but for the bound.
CREATE OR REPLACE FUNCTION booking.await_stale_holds(p_tenant_id uuid, p_calendar_id text, p_range tstzrange)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM booking.appointment_holds
  WHERE tenant_id = p_tenant_id AND calendar_id = p_calendar_id AND busy_range && p_range
    AND slot_time > lower(p_range) - interval '2 days' AND slot_time < upper(p_range) + interval '1 day'
    AND status IN ('held', 'kept') AND expires_at <= clock_timestamp()
  ORDER BY id FOR UPDATE;
END $$;

-- When a calendar was last assigned: the clock's time, not its transaction's, which may have waited for another.
ALTER TABLE booking.appointment_holds ALTER COLUMN created_at SET DEFAULT clock_timestamp();
CREATE INDEX IF NOT EXISTS appointment_holds_by_assignment ON booking.appointment_holds (tenant_id, calendar_id, created_at);

-- Calendars in the order in which a slot goes to them: the fewest appointments and live holds on its local day, then in its
-- local week, then the one that was not assigned for the longest time, then as given.
CREATE OR REPLACE FUNCTION booking.calendars_by_turn(p_tenant_id uuid, p_calendar_ids text[], p_day tstzrange, p_week tstzrange)
RETURNS SETOF text LANGUAGE sql AS $$
  SELECT c.id FROM unnest(p_calendar_ids) WITH ORDINALITY AS c (id, position)
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE slot_time >= lower(p_day) AND slot_time < upper(p_day)) AS that_day, count(*) AS that_week
    FROM booking.appointment_holds
    WHERE tenant_id = p_tenant_id AND calendar_id = c.id AND slot_time >= lower(p_week) AND slot_time < upper(p_week)
      AND (status = 'confirmed' OR (status = 'held' AND expires_at > clock_timestamp()))) AS taken
  ORDER BY that_day, that_week, (
    SELECT created_at FROM booking.appointment_holds
    WHERE tenant_id = p_tenant_id AND calendar_id = c.id ORDER BY created_at DESC LIMIT 1) NULLS FIRST, position
$$;

-- Reserves a slot on one of these calendars, whose turn it is; where a racer has it, on the next. The same hold id is the same
-- hold on the same calendar, whichever are named. The caller's transaction has the tenant's assignment lock, so that no other
-- counts the same appointments. Answers as claim_slot_atomic, with "calendar_id".
CREATE OR REPLACE FUNCTION booking.claim_any_slot(
  p_tenant_id uuid, p_calendar_ids text[], p_slot_time timestamptz, p_call_sid text, p_patient_name text, p_patient_phone text,
  p_hold_minutes integer, p_duration_minutes integer, p_buffer_before_minutes integer, p_buffer_after_minutes integer,
  p_hold_id uuid, p_offering_id text, p_day tstzrange, p_week tstzrange
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_turns text[];
  v_calendar_id text;
  v_answer jsonb;
BEGIN
  SELECT ARRAY[calendar_id] INTO v_turns FROM booking.appointment_holds WHERE tenant_id = p_tenant_id AND id = p_hold_id;
  IF NOT FOUND THEN
    v_turns := ARRAY(SELECT * FROM booking.calendars_by_turn(p_tenant_id, p_calendar_ids, p_day, p_week));
  END IF;
  FOREACH v_calendar_id IN ARRAY v_turns LOOP
    v_answer := booking.claim_slot_atomic(p_tenant_id, v_calendar_id, p_slot_time, p_call_sid, p_patient_name, p_patient_phone,
      p_hold_minutes, p_duration_minutes, p_buffer_before_minutes, p_buffer_after_minutes, p_hold_id, p_offering_id);
    IF (v_answer ->> 'success')::boolean THEN
      RETURN v_answer || jsonb_build_object('calendar_id', v_calendar_id);
    END IF;
  END LOOP;
  RETURN jsonb_build_object('success', false, 'error', 'Slot already held');
END $$;
