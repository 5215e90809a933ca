-- schema: calendar
-- Who gave the credential: the tenant file, or somebody who connected the calendar at Google. A google calendar without one (sealed '') is not connected yet.
ALTER TABLE calendar.calendars ADD COLUMN IF NOT EXISTS google_credential_source TEXT NOT NULL DEFAULT 'file' CHECK (google_credential_source IN ('file', 'oauth'));
-- Of the account that connected it; '' where Google did not say.
ALTER TABLE calendar.calendars ADD COLUMN IF NOT EXISTS google_account_email TEXT NOT NULL DEFAULT '';
ALTER TABLE calendar.calendars ADD COLUMN IF NOT EXISTS google_connected_at TIMESTAMPTZ;
-- SHA-256, hex, of the tenant file's credential that a connection replaced: the same file again does not bring it back.
ALTER TABLE calendar.calendars ADD COLUMN IF NOT EXISTS google_replaced_sha256 TEXT NOT NULL DEFAULT '';

-- Links by which somebody without a token of ours connects a calendar. They open until they expire or the calendar is connected. Only a hash is kept.
CREATE TABLE IF NOT EXISTS calendar.connect_links (
  tenant_id UUID NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  calendar_id TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, token_sha256),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendar.calendars (tenant_id, id)
);

-- Sign-ins at Google that were begun. Each ends at most once, in the browser where it began.
CREATE TABLE IF NOT EXISTS calendar.connect_attempts (
  tenant_id UUID NOT NULL,
  state_sha256 TEXT NOT NULL UNIQUE,
  calendar_id TEXT NOT NULL,
  browser_sha256 TEXT NOT NULL,
  code_verifier_sealed TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, state_sha256),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendar.calendars (tenant_id, id)
);

SELECT public.protect_tenant_table(t::regclass, 'bookproof_calendar')
FROM unnest(ARRAY['calendar.connect_links', 'calendar.connect_attempts']) AS t;

-- The look-ups that precede a tenant: a presented token's hash to its tenant id, and nothing else.
CREATE OR REPLACE FUNCTION calendar.tenant_of_connect_link(p_token_sha256 text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT tenant_id FROM calendar.connect_links WHERE token_sha256 = p_token_sha256
$$;
CREATE OR REPLACE FUNCTION calendar.tenant_of_connect_attempt(p_state_sha256 text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT tenant_id FROM calendar.connect_attempts WHERE state_sha256 = p_state_sha256
$$;
REVOKE ALL ON FUNCTION calendar.tenant_of_connect_link, calendar.tenant_of_connect_attempt FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar.tenant_of_connect_link, calendar.tenant_of_connect_attempt TO bookproof_calendar;
