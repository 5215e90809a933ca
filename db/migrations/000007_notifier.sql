-- schema: notifier
CREATE TABLE IF NOT EXISTS notifier.messages (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL DEFAULT gen_random_uuid(),
  -- Unique per tenant: the same key is the same message.
  key TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL DEFAULT '',
  escalation_id UUID,
  appointment_id UUID,
  recipient TEXT NOT NULL CHECK (recipient IN ('customer', 'owner')),
  channel TEXT NOT NULL CHECK (channel IN ('sms', 'voice', 'email')),
  kind TEXT NOT NULL CHECK (kind IN ('free_text', 'booked', 'escalation')),
  to_address TEXT NOT NULL,
  from_e164 TEXT NOT NULL DEFAULT '',
  -- What was asked to be sent; the door may send other words, which are then in sent_body.
  body TEXT NOT NULL,
  sent_body TEXT,
  status TEXT NOT NULL CHECK (status IN ('pending', 'sending', 'queued', 'sent', 'delivered', 'undelivered', 'failed', 'blocked', 'unknown')),
  provider_sid TEXT,
  -- Twilio's last MessageStatus; it never goes back.
  provider_status TEXT NOT NULL DEFAULT '',
  error_code INTEGER,
  error_message TEXT,
  sending_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_messages_key UNIQUE (tenant_id, key)
);
CREATE INDEX IF NOT EXISTS messages_by_recipient ON notifier.messages (tenant_id, to_address, created_at);
CREATE INDEX IF NOT EXISTS messages_by_escalation ON notifier.messages (tenant_id, escalation_id) WHERE escalation_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_by_cid ON notifier.messages (tenant_id, correlation_id);
CREATE INDEX IF NOT EXISTS messages_by_provider_sid ON notifier.messages (tenant_id, provider_sid) WHERE provider_sid IS NOT NULL;

CREATE TABLE IF NOT EXISTS notifier.escalations (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL DEFAULT gen_random_uuid(),
  -- The attempt's id, else cid and reason: whoever raises it, it is one escalation.
  key TEXT NOT NULL,
  attempt_id UUID,
  correlation_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL,
  -- Short reference in the owner's text, by which it is found at Twilio.
  ref TEXT NOT NULL,
  -- What the customer asked for.
  requested JSONB NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'alerted', 'undeliverable', 'resolved')),
  -- Grows each time every channel has failed and all are tried again.
  alert_round INTEGER NOT NULL DEFAULT 1,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  alerted_at TIMESTAMPTZ,
  resolved_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_escalations_key UNIQUE (tenant_id, key)
);
CREATE INDEX IF NOT EXISTS escalations_by_cid ON notifier.escalations (tenant_id, correlation_id);

CREATE TABLE IF NOT EXISTS notifier.opt_outs (
  tenant_id UUID NOT NULL,
  phone_e164 TEXT NOT NULL,
  opted_out BOOLEAN NOT NULL,
  keyword TEXT NOT NULL,
  message_sid TEXT NOT NULL DEFAULT '',
  changed_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, phone_e164)
);

-- A status callback can overtake the sid it speaks of: it waits here until the sid is stored.
CREATE TABLE IF NOT EXISTS notifier.early_deliveries (
  tenant_id UUID NOT NULL,
  provider_sid TEXT NOT NULL,
  provider_status TEXT NOT NULL,
  error_code INTEGER NOT NULL,
  received_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, provider_sid, provider_status)
);

SELECT public.protect_tenant_table(t::regclass, 'bookproof_notifier') FROM unnest(ARRAY['notifier.messages', 'notifier.escalations', 'notifier.opt_outs', 'notifier.early_deliveries']) AS t;
