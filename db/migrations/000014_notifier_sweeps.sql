-- schema: notifier
-- How far a tenant's inbound texts were compared with what was taken in, and when they may be looked at again.
CREATE TABLE IF NOT EXISTS notifier.inbound_sweeps (
  tenant_id UUID NOT NULL PRIMARY KEY,
  -- Everything that arrived before this was taken in; NULL until the first sweep that was completed.
  swept_at TIMESTAMPTZ,
  -- Sweeps in a row that could not be completed.
  failures INTEGER NOT NULL DEFAULT 0,
  not_before TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- A tenant whose account Twilio refuses, or refused last: its owner hears of it once an outage.
CREATE TABLE IF NOT EXISTS notifier.credential_outages (
  tenant_id UUID NOT NULL PRIMARY KEY,
  -- Of the escalation that tells of it.
  correlation_id TEXT NOT NULL,
  since TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  -- When Twilio accepted it again; NULL for an outage that lasts.
  ended_at TIMESTAMPTZ
);

SELECT public.protect_tenant_table(t::regclass, 'bookproof_notifier') FROM unnest(ARRAY['notifier.inbound_sweeps', 'notifier.credential_outages']) AS t;
