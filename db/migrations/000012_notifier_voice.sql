-- schema: notifier
ALTER TABLE notifier.messages DROP CONSTRAINT IF EXISTS messages_kind_check;
ALTER TABLE notifier.messages ADD CONSTRAINT messages_kind_check
  CHECK (kind IN ('free_text', 'booked', 'escalation', 'otp', 'confirmation', 'reminder', 'hot_lead'));

-- A one-time code is kept only for as long as it still has to be sent: whoever ends its message, it is gone.
CREATE OR REPLACE FUNCTION notifier.scrub_one_time_code() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.body := regexp_replace(NEW.body, '\d{4,}', '****', 'g');
  NEW.sent_body := regexp_replace(NEW.sent_body, '\d{4,}', '****', 'g');
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS scrub_one_time_code ON notifier.messages;
CREATE TRIGGER scrub_one_time_code BEFORE INSERT OR UPDATE ON notifier.messages
  FOR EACH ROW WHEN (NEW.kind = 'otp' AND NEW.status NOT IN ('pending', 'sending')) EXECUTE FUNCTION notifier.scrub_one_time_code();

-- Every SMS that confirmed an appointment, and how its delivery went; it never goes back.
CREATE TABLE IF NOT EXISTS notifier.sms_confirmation_logs (
  -- Twilio's SM….
  message_id TEXT NOT NULL,
  appointment_id UUID NOT NULL,
  tenant_id UUID NOT NULL,
  patient_phone TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'sending', 'sent', 'delivered', 'failed')),
  error_code TEXT,
  error_message TEXT,
  delivery_timestamp TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, message_id)
);
CREATE INDEX IF NOT EXISTS sms_confirmation_logs_by_appointment ON notifier.sms_confirmation_logs (tenant_id, appointment_id, created_at DESC);
CREATE INDEX IF NOT EXISTS sms_confirmation_logs_by_tenant ON notifier.sms_confirmation_logs (tenant_id, created_at DESC);

SELECT public.protect_tenant_table('notifier.sms_confirmation_logs', 'bookproof_notifier');
