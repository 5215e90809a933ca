-- schema: agent
-- One row a call; where a caller has no call (plain tool requests), one a hold, its id "hold:<hold id>".
CREATE TABLE IF NOT EXISTS agent.calls (
  tenant_id UUID NOT NULL,
  call_id TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  conversation_id UUID,
  -- E.164; empty where the call does not say.
  customer_phone TEXT NOT NULL DEFAULT '',
  tenant_phone TEXT NOT NULL DEFAULT '',
  -- The slots offered to this call.
  offered JSONB NOT NULL DEFAULT '[]',
  -- The slot held for it now, and what is known of the request.
  hold_id UUID,
  requested JSONB NOT NULL DEFAULT '{}',
  code_sent_at TIMESTAMPTZ,
  code_channel TEXT CHECK (code_channel IN ('phone', 'email')),
  -- The hold whose CONFIRM booking decides about: set as it begins, cleared where it booked nothing or confirmed.
  confirming_hold_id UUID,
  -- Set only when booking answered that the appointment is confirmed.
  appointment_id TEXT,
  -- The hold it came from.
  confirmed_hold_id UUID,
  slot_lost_at TIMESTAMPTZ,
  confirmation_requested BOOLEAN NOT NULL DEFAULT FALSE,
  needs_human BOOLEAN NOT NULL DEFAULT FALSE,
  ended_reason TEXT,
  started_at TIMESTAMPTZ,
  -- Set by the first end-of-call report; later ones change nothing.
  ended_at TIMESTAMPTZ,
  duration_seconds INTEGER,
  transcript TEXT,
  recording_url TEXT,
  summary TEXT,
  structured_data JSONB,
  lead_score INTEGER,
  -- [{part, points, says}]: why the score is what it is.
  lead_score_parts JSONB,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, call_id)
);
CREATE INDEX IF NOT EXISTS calls_by_cid ON agent.calls (tenant_id, correlation_id);
CREATE INDEX IF NOT EXISTS calls_by_appointment ON agent.calls (tenant_id, appointment_id) WHERE appointment_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS agent.hot_lead_alerts (
  tenant_id UUID NOT NULL,
  call_id TEXT NOT NULL,
  lead_score INTEGER NOT NULL,
  customer_name TEXT NOT NULL,
  customer_phone TEXT NOT NULL,
  offering_name TEXT NOT NULL,
  booked_start TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, call_id)
);
CREATE INDEX IF NOT EXISTS hot_lead_alerts_by_time ON agent.hot_lead_alerts (tenant_id, created_at DESC);

SELECT public.protect_tenant_table(t::regclass, 'bookproof_agent') FROM unnest(ARRAY['agent.calls', 'agent.hot_lead_alerts']) AS t;
