-- schema: gateway
-- Tokens of the admin API. Only a hash is kept. A platform owner's token has no tenant.
CREATE TABLE IF NOT EXISTS gateway.tokens (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id UUID,
  role TEXT NOT NULL CHECK (role IN ('tenant_admin', 'platform_owner')),
  token_sha256 TEXT NOT NULL UNIQUE,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  -- To the minute, so that a busy token is not a write a request.
  last_used_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ,
  CHECK ((role = 'tenant_admin') = (tenant_id IS NOT NULL))
);
SELECT public.protect_tenant_table('gateway.tokens'::regclass, 'bookproof_gateway', 'SELECT');

-- The look-up that precedes a tenant: a presented token's hash to its role and tenant id.
CREATE OR REPLACE FUNCTION gateway.authenticate_token(p_token_sha256 text) RETURNS TABLE (role text, tenant_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH used AS (
    UPDATE gateway.tokens SET last_used_at = now()
    WHERE token_sha256 = p_token_sha256 AND revoked_at IS NULL
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
  )
  SELECT t.role, t.tenant_id FROM gateway.tokens t WHERE t.token_sha256 = p_token_sha256 AND t.revoked_at IS NULL
$$;
CREATE OR REPLACE FUNCTION gateway.create_token(p_token_sha256 text, p_role text, p_tenant_id uuid) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO gateway.tokens (token_sha256, role, tenant_id) VALUES (p_token_sha256, p_role, p_tenant_id) RETURNING id
$$;
REVOKE ALL ON FUNCTION gateway.authenticate_token, gateway.create_token FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway.authenticate_token, gateway.create_token TO bookproof_gateway;
