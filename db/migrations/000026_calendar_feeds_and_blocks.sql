-- schema: calendar
-- Times of built-in calendars that take no bookings. One that is given back is deleted.
CREATE TABLE IF NOT EXISTS calendar.blocked_times (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  calendar_id TEXT NOT NULL,
  time_range TSTZRANGE NOT NULL CHECK (NOT isempty(time_range) AND NOT lower_inf(time_range) AND NOT upper_inf(time_range)),
  reason TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendar.calendars (tenant_id, id)
);
CREATE INDEX IF NOT EXISTS blocked_times_by_time ON calendar.blocked_times USING gist (tenant_id, calendar_id, time_range);

-- The link by which a calendar is read elsewhere, one a calendar. Only a hash of its secret is kept; a revoked one is deleted.
CREATE TABLE IF NOT EXISTS calendar.feeds (
  tenant_id UUID NOT NULL,
  calendar_id TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, calendar_id),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendar.calendars (tenant_id, id)
);

SELECT public.protect_tenant_table(t::regclass, 'bookproof_calendar') FROM unnest(ARRAY['calendar.blocked_times', 'calendar.feeds']) AS t;

-- The look-up that precedes a tenant: the hash of a link's secret to ids.
CREATE OR REPLACE FUNCTION calendar.find_feed(p_token_sha256 text) RETURNS TABLE (tenant_id uuid, calendar_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT f.tenant_id, f.calendar_id FROM calendar.feeds f WHERE f.token_sha256 = p_token_sha256
$$;
REVOKE ALL ON FUNCTION calendar.find_feed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar.find_feed TO bookproof_calendar;
