-- schema: agent
-- The cid of an escalation that was raised where the conversation's journey was not known: whoever reads it in the alert settles by it.
ALTER TABLE agent.conversations ADD COLUMN IF NOT EXISTS escalated_cid text;
