-- schema: agent
CREATE TABLE IF NOT EXISTS agent.conversations (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL DEFAULT gen_random_uuid(),
  customer_phone TEXT NOT NULL,
  tenant_phone TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  stage TEXT,
  stage_reason TEXT,
  last_error TEXT,
  last_tool TEXT,
  last_tool_ok BOOLEAN,
  needs_human BOOLEAN NOT NULL DEFAULT FALSE,
  needs_human_at TIMESTAMPTZ,
  -- Set when the journey ended; the next inbound begins a new one.
  journey_ended_at TIMESTAMPTZ,
  last_inbound_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  -- The hold whose CONFIRM has no recorded outcome yet.
  confirming_hold_id UUID,
  -- Whether the customer was told, since the bot paused, that a human will answer.
  pause_announced BOOLEAN NOT NULL DEFAULT FALSE,
  dialogue_state JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_conversations_parties UNIQUE (tenant_id, customer_phone, tenant_phone)
);
CREATE INDEX IF NOT EXISTS conversations_by_cid ON agent.conversations (tenant_id, correlation_id);

CREATE TABLE IF NOT EXISTS agent.inbound_messages (
  tenant_id UUID NOT NULL,
  message_sid TEXT NOT NULL,
  conversation_id UUID,
  correlation_id TEXT NOT NULL,
  from_e164 TEXT NOT NULL,
  to_e164 TEXT NOT NULL,
  body TEXT NOT NULL,
  num_media INTEGER NOT NULL DEFAULT 0,
  disposition TEXT NOT NULL CHECK (disposition IN ('accepted', 'reaction_ignored', 'blocked', 'opt_out_recorded')),
  received_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  -- Set by the turn that answered it, in the transaction that stored the turn's state.
  read_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, message_sid)
);
CREATE INDEX IF NOT EXISTS inbound_messages_unread ON agent.inbound_messages (tenant_id, conversation_id, received_at)
  WHERE read_at IS NULL AND disposition = 'accepted';

SELECT public.protect_tenant_table(t::regclass, 'bookproof_agent') FROM unnest(ARRAY['agent.conversations', 'agent.inbound_messages']) AS t;

-- The look-up that precedes a tenant, for a platform owner: ids only.
CREATE OR REPLACE FUNCTION agent.tenant_of_cid(p_cid text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT tenant_id FROM agent.conversations WHERE correlation_id = p_cid $$;
REVOKE ALL ON FUNCTION agent.tenant_of_cid FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agent.tenant_of_cid TO bookproof_agent;

-- A journey is over once it ended, or after 24 hours of silence; never while a human is waited for.
CREATE OR REPLACE FUNCTION agent.journey_is_over(c agent.conversations) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT NOT c.needs_human AND (c.journey_ended_at IS NOT NULL OR c.last_inbound_at < now() - interval '24 hours') $$;

-- What the next journey still knows: who the customer is, and what was booked.
CREATE OR REPLACE FUNCTION agent.lasting_dialogue_state(p_state jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT jsonb_strip_nulls(jsonb_build_object('step', 'idle', 'name', p_state -> 'name', 'address', p_state -> 'address', 'booked', p_state -> 'booked')) $$;
