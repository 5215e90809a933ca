-- schema: booking
CREATE TABLE IF NOT EXISTS booking.tenants (
  tenant_id UUID PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  owner_phone TEXT NOT NULL DEFAULT '',
  vip_phone TEXT NOT NULL DEFAULT '',
  owner_email TEXT NOT NULL DEFAULT '',
  hot_lead_alert_phone TEXT NOT NULL DEFAULT '',
  twilio_account_sid TEXT NOT NULL DEFAULT '',
  twilio_auth_token_sealed TEXT NOT NULL DEFAULT '',
  vapi_secret_sealed TEXT NOT NULL DEFAULT '',
  vapi_hmac_secret_sealed TEXT NOT NULL DEFAULT '',
  slot_step_minutes INTEGER NOT NULL DEFAULT 30,
  min_notice_minutes INTEGER NOT NULL DEFAULT 120,
  horizon_days INTEGER NOT NULL DEFAULT 60,
  hold_minutes INTEGER NOT NULL DEFAULT 10,
  working_hours JSONB NOT NULL DEFAULT '[]',
  -- Calendar id → the name customers know it by; the calendars themselves are the calendar service's.
  calendar_names JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS booking.tenant_phone_numbers (
  tenant_id UUID NOT NULL REFERENCES booking.tenants,
  phone_e164 TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, phone_e164),
  CONSTRAINT uq_tenant_phone_numbers_phone UNIQUE (phone_e164)
);

CREATE TABLE IF NOT EXISTS booking.offerings (
  tenant_id UUID NOT NULL REFERENCES booking.tenants,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  aliases TEXT[] NOT NULL DEFAULT '{}',
  duration_minutes INTEGER NOT NULL CHECK (duration_minutes > 0),
  buffer_before_minutes INTEGER NOT NULL DEFAULT 0 CHECK (buffer_before_minutes >= 0),
  buffer_after_minutes INTEGER NOT NULL DEFAULT 0 CHECK (buffer_after_minutes >= 0),
  needs_address BOOLEAN NOT NULL DEFAULT FALSE,
  high_value BOOLEAN NOT NULL DEFAULT FALSE,
  price_hint TEXT NOT NULL DEFAULT '',
  calendar_ids TEXT[] NOT NULL,
  retired BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE IF NOT EXISTS booking.contacts (
  tenant_id UUID NOT NULL REFERENCES booking.tenants,
  id UUID NOT NULL DEFAULT gen_random_uuid(),
  phone TEXT,
  email TEXT,
  name TEXT NOT NULL DEFAULT 'Unknown',
  booking_source TEXT,
  booking_completed_at TIMESTAMPTZ,
  last_booking_hold_id UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_contacts_org_phone UNIQUE (tenant_id, phone)
);

CREATE TABLE IF NOT EXISTS booking.appointment_holds (
  id UUID NOT NULL DEFAULT gen_random_uuid(),
  tenant_id UUID NOT NULL REFERENCES booking.tenants,
  calendar_id TEXT NOT NULL,
  slot_time TIMESTAMPTZ NOT NULL,
  duration_minutes INTEGER NOT NULL CHECK (duration_minutes > 0),
  -- What the slot occupies, buffers included: [from, to).
  busy_range TSTZRANGE NOT NULL,
  offering_id TEXT,
  call_sid TEXT,
  patient_name TEXT,
  patient_phone TEXT,
  -- held: reserved until expires_at. kept: for a human after a failed attempt, until expires_at. confirmed: an appointment's.
  status TEXT NOT NULL CHECK (status IN ('held', 'kept', 'confirmed', 'expired', 'released')),
  otp_code TEXT,
  otp_attempts INTEGER NOT NULL DEFAULT 0,
  otp_sent_at TIMESTAMPTZ,
  expires_at TIMESTAMPTZ NOT NULL,
  appointment_id UUID,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, id),
  -- No two live slots of one calendar overlap, whatever the code does.
  CONSTRAINT no_overlapping_holds EXCLUDE USING gist (tenant_id WITH =, calendar_id WITH =, busy_range WITH &&)
    WHERE (status IN ('held', 'kept', 'confirmed'))
);
CREATE INDEX IF NOT EXISTS appointment_holds_by_phone ON booking.appointment_holds (tenant_id, patient_phone);

CREATE TABLE IF NOT EXISTS booking.appointments (
  id UUID NOT NULL,
  tenant_id UUID NOT NULL REFERENCES booking.tenants,
  contact_id UUID NOT NULL,
  service_type TEXT NOT NULL,
  calendar_id TEXT NOT NULL,
  scheduled_at TIMESTAMPTZ NOT NULL,
  duration_minutes INTEGER NOT NULL,
  address TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'failed', 'cancelled')),
  calendar_event_id TEXT,
  calendar_insert_ok BOOLEAN NOT NULL DEFAULT FALSE,
  hold_id UUID NOT NULL,
  confirmation_sms_sent BOOLEAN NOT NULL DEFAULT FALSE,
  confirmation_sms_id TEXT,
  confirmation_sms_sent_at TIMESTAMPTZ,
  otp_verified BOOLEAN NOT NULL DEFAULT FALSE,
  otp_verified_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_appointments_hold UNIQUE (tenant_id, hold_id),
  FOREIGN KEY (tenant_id, contact_id) REFERENCES booking.contacts (tenant_id, id),
  FOREIGN KEY (tenant_id, hold_id) REFERENCES booking.appointment_holds (tenant_id, id),
  -- P1 in the database: nothing is confirmed without its calendar event.
  CONSTRAINT confirmed_has_calendar_event CHECK (status <> 'confirmed' OR (calendar_event_id IS NOT NULL AND calendar_event_id <> '' AND calendar_insert_ok))
);
CREATE INDEX IF NOT EXISTS appointments_by_contact ON booking.appointments (tenant_id, contact_id, scheduled_at);

CREATE TABLE IF NOT EXISTS booking.booking_attempts (
  tenant_id UUID NOT NULL REFERENCES booking.tenants,
  id UUID NOT NULL,
  hold_id UUID NOT NULL,
  appointment_id UUID NOT NULL,
  kind TEXT NOT NULL DEFAULT 'book' CHECK (kind IN ('book', 'move', 'cancel')),
  correlation_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL DEFAULT '',
  message_sid TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('started', 'confirmed', 'failed')),
  reason TEXT,
  deadline TIMESTAMPTZ NOT NULL,
  -- What was confirmed, as it stood: service, date, time, address, customer.
  snapshot JSONB NOT NULL,
  calendar_event_id TEXT NOT NULL,
  last_error TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  ended_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, hold_id) REFERENCES booking.appointment_holds (tenant_id, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS one_live_attempt_per_hold ON booking.booking_attempts (tenant_id, hold_id) WHERE status = 'started';

SELECT public.protect_tenant_table(t::regclass, 'bookproof_booking') FROM unnest(ARRAY[
  'booking.tenants', 'booking.tenant_phone_numbers', 'booking.offerings', 'booking.contacts',
  'booking.appointment_holds', 'booking.appointments', 'booking.booking_attempts']) AS t;

-- The look-up that precedes a tenant: ids only.
CREATE OR REPLACE FUNCTION booking.tenant_ids(p_after uuid, p_limit integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT tenant_id FROM booking.tenants WHERE p_after IS NULL OR tenant_id > p_after ORDER BY tenant_id LIMIT p_limit
$$;
REVOKE ALL ON FUNCTION booking.tenant_ids FROM PUBLIC;
GRANT EXECUTE ON FUNCTION booking.tenant_ids TO bookproof_booking;
