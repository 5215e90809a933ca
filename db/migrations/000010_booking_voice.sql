-- schema: booking
ALTER TABLE booking.tenants
  ADD COLUMN IF NOT EXISTS plain_texts BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN IF NOT EXISTS vapi_prompt_extension TEXT NOT NULL DEFAULT '',
  -- LeadScoreWeights of the contract; NULL means the defaults.
  ADD COLUMN IF NOT EXISTS lead_score_weights JSONB;

ALTER TABLE booking.appointment_holds
  ADD COLUMN IF NOT EXISTS contact_id UUID,
  ADD COLUMN IF NOT EXISTS patient_email TEXT,
  ADD COLUMN IF NOT EXISTS booking_source TEXT;
-- A caller's holds: asked for at every reservation.
CREATE INDEX IF NOT EXISTS appointment_holds_by_call ON booking.appointment_holds (tenant_id, call_sid);

ALTER TABLE booking.appointments ADD COLUMN IF NOT EXISTS booking_source TEXT NOT NULL DEFAULT 'sms';

-- A customer without a phone is known by their e-mail alone.
CREATE UNIQUE INDEX IF NOT EXISTS uq_contacts_org_email_only ON booking.contacts (tenant_id, lower(email)) WHERE phone IS NULL;

-- One row a one-time code that was sent: what the limits against pumping are counted from. It holds neither code nor recipient.
CREATE TABLE IF NOT EXISTS booking.otp_sends (
  tenant_id UUID NOT NULL REFERENCES booking.tenants,
  hold_id UUID NOT NULL,
  -- The first, second … code of its hold.
  sequence INTEGER NOT NULL,
  -- Keyed hash of phone or e-mail.
  recipient_hash TEXT NOT NULL,
  sent_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, hold_id, sequence),
  FOREIGN KEY (tenant_id, hold_id) REFERENCES booking.appointment_holds (tenant_id, id)
);
CREATE INDEX IF NOT EXISTS otp_sends_by_time ON booking.otp_sends (tenant_id, sent_at);

SELECT public.protect_tenant_table('booking.otp_sends', 'bookproof_booking', 'SELECT, INSERT');
