-- schema: public
-- One schema and one role a service. Roles own nothing: tables belong to whoever migrates, row-level security binds the roles.
CREATE EXTENSION IF NOT EXISTS btree_gist;

DO $$
DECLARE
  service text;
BEGIN
  FOREACH service IN ARRAY ARRAY['gateway', 'agent', 'booking', 'calendar', 'notifier'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', 'bookproof_' || service);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- roles belong to the whole server: another database made it first
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', 'bookproof_' || service);
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', service);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service, 'bookproof_' || service);
  END LOOP;
END $$;

CREATE SCHEMA IF NOT EXISTS trace;

-- The tenant of the running transaction, or NULL: without one, no row is visible.
CREATE OR REPLACE FUNCTION public.current_tenant_id() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('bookproof.tenant_id', true), '')::uuid $$;

-- Puts a table under row-level security by tenant and lets a role work on it. The sub-select is evaluated once a statement.
CREATE OR REPLACE FUNCTION public.protect_tenant_table(p_table regclass, p_role text, p_rights text DEFAULT 'SELECT, INSERT, UPDATE, DELETE')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_type text := (SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = p_table AND attname = 'tenant_id');
  v_rule text := format('tenant_id = (SELECT public.current_tenant_id())::%s', v_type);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format('DROP POLICY IF EXISTS tenant_only ON %s', p_table);
  EXECUTE format('CREATE POLICY tenant_only ON %s USING (%s) WITH CHECK (%s)', p_table, v_rule, v_rule);
  EXECUTE format('GRANT %s ON %s TO %I', p_rights, p_table, p_role);
END $$;
