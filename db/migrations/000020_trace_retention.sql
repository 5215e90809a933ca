-- schema: trace, agent
-- The retention job takes the oldest rows first, whichever tenant's they are.
CREATE INDEX IF NOT EXISTS sms_flow_traces_by_age ON trace.sms_flow_traces (created_at);

-- Deletes up to p_limit rows (10,000 at most: no statement is to hold its locks for long) that are older than p_before, and
-- says how many. Nothing younger than a day goes, whatever is asked for; NULL asks for nothing.
CREATE OR REPLACE FUNCTION trace.delete_old_traces(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql STRICT SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH gone AS (
    DELETE FROM trace.sms_flow_traces WHERE id = ANY (ARRAY(
      SELECT id FROM trace.sms_flow_traces
      WHERE created_at < least(p_before, now() - interval '1 day')
      ORDER BY created_at LIMIT least(p_limit, 10000) FOR UPDATE SKIP LOCKED))
    RETURNING 1)
  SELECT count(*)::integer FROM gone
$$;
REVOKE ALL ON FUNCTION trace.delete_old_traces FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trace.delete_old_traces TO bookproof_agent;

-- A conversation outlives the traces of its journeys: a platform owner finds it by its phone number all the same. Ids only.
CREATE OR REPLACE FUNCTION agent.tenants_of_phone(p_phone text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT DISTINCT tenant_id FROM agent.conversations WHERE customer_phone = p_phone $$;
REVOKE ALL ON FUNCTION agent.tenants_of_phone FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agent.tenants_of_phone TO bookproof_agent;
