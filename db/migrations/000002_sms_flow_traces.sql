-- schema: trace
CREATE TABLE IF NOT EXISTS trace.sms_flow_traces (
  id BIGSERIAL PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  from_e164 TEXT NOT NULL,
  to_e164 TEXT,
  direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound', 'internal')),
  stage TEXT NOT NULL,
  stage_reason TEXT,
  payload_json JSONB,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  service TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS sms_flow_traces_by_cid ON trace.sms_flow_traces (tenant_id, correlation_id);
CREATE INDEX IF NOT EXISTS sms_flow_traces_by_phone ON trace.sms_flow_traces (tenant_id, from_e164, created_at DESC);
CREATE INDEX IF NOT EXISTS sms_flow_traces_by_recipient ON trace.sms_flow_traces (tenant_id, to_e164, created_at DESC);

-- The one way in for every service: append only, one round trip, the tenant named by the row.
CREATE OR REPLACE FUNCTION trace.write_sms_flow(
  p_tenant_id text, p_correlation_id text, p_from text, p_to text, p_direction text, p_stage text, p_reason text, p_payload jsonb, p_service text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO trace.sms_flow_traces (tenant_id, correlation_id, from_e164, to_e164, direction, stage, stage_reason, payload_json, service)
  VALUES (p_tenant_id, p_correlation_id, p_from, p_to, p_direction, p_stage, p_reason, p_payload, p_service)
$$;
REVOKE ALL ON FUNCTION trace.write_sms_flow FROM PUBLIC;
GRANT USAGE ON SCHEMA trace TO bookproof_gateway, bookproof_agent, bookproof_booking, bookproof_calendar, bookproof_notifier;
GRANT EXECUTE ON FUNCTION trace.write_sms_flow TO bookproof_gateway, bookproof_agent, bookproof_booking, bookproof_calendar, bookproof_notifier;

-- The agent answers the debug endpoint.
SELECT public.protect_tenant_table('trace.sms_flow_traces', 'bookproof_agent', 'SELECT');

-- Look-ups that precede a tenant, for a platform owner: ids only.
CREATE OR REPLACE FUNCTION trace.tenants_of_cid(p_cid text) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT DISTINCT tenant_id FROM trace.sms_flow_traces WHERE correlation_id = p_cid $$;
CREATE OR REPLACE FUNCTION trace.tenants_of_phone(p_phone text) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT DISTINCT tenant_id FROM trace.sms_flow_traces WHERE from_e164 = p_phone OR to_e164 = p_phone $$;
REVOKE ALL ON FUNCTION trace.tenants_of_cid, trace.tenants_of_phone FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trace.tenants_of_cid, trace.tenants_of_phone TO bookproof_agent;
