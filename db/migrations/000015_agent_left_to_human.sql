-- schema: agent
-- left_to_human: the gateway had answered it in our absence and the owner was alerted; no turn follows.
ALTER TABLE agent.inbound_messages DROP CONSTRAINT IF EXISTS inbound_messages_disposition_check;
ALTER TABLE agent.inbound_messages ADD CONSTRAINT inbound_messages_disposition_check
  CHECK (disposition IN ('accepted', 'reaction_ignored', 'blocked', 'opt_out_recorded', 'left_to_human'));
