-- schema: agent
-- The trace in which a text came in: the turn that answers several is linked to each of theirs.
ALTER TABLE agent.inbound_messages ADD COLUMN IF NOT EXISTS traceparent text;
