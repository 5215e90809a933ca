-- schema: agent, notifier, public
-- A text that tests whether the owner is reached; whatever that phone texts within ten minutes acknowledges it.
CREATE TABLE IF NOT EXISTS agent.test_alerts (
  tenant_id UUID NOT NULL,
  -- Also the cid of what happens with it.
  id UUID NOT NULL,
  phone_e164 TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  acknowledged_at TIMESTAMPTZ,
  -- Twilio's sid of the reply.
  acknowledged_by TEXT,
  PRIMARY KEY (tenant_id, id)
);
-- Every text that comes in is compared with these.
CREATE INDEX IF NOT EXISTS test_alerts_open ON agent.test_alerts (tenant_id, phone_e164, created_at) WHERE acknowledged_at IS NULL;
SELECT public.protect_tenant_table('agent.test_alerts', 'bookproof_agent');

ALTER TABLE agent.inbound_messages DROP CONSTRAINT IF EXISTS inbound_messages_disposition_check;
ALTER TABLE agent.inbound_messages ADD CONSTRAINT inbound_messages_disposition_check
  CHECK (disposition IN ('accepted', 'reaction_ignored', 'blocked', 'opt_out_recorded', 'left_to_human', 'test_alert_acknowledged'));

ALTER TABLE notifier.messages DROP CONSTRAINT IF EXISTS messages_kind_check;
ALTER TABLE notifier.messages ADD CONSTRAINT messages_kind_check
  CHECK (kind IN ('free_text', 'booked', 'escalation', 'otp', 'confirmation', 'reminder', 'hot_lead', 'test_alert'));

-- So that a service can tell whether the database is as its build expects. Names of files, nothing else.
GRANT SELECT ON public.bookproof_migrations TO bookproof_booking;
