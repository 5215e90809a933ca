-- schema: notifier
-- That an appointment was moved or cancelled is told with the proof of the attempt that did it.
ALTER TABLE notifier.messages ADD COLUMN IF NOT EXISTS attempt_id UUID;
ALTER TABLE notifier.messages DROP CONSTRAINT IF EXISTS messages_kind_check;
ALTER TABLE notifier.messages ADD CONSTRAINT messages_kind_check
  CHECK (kind IN ('free_text', 'booked', 'moved', 'cancelled', 'escalation', 'otp', 'confirmation', 'reminder', 'hot_lead', 'test_alert'));
