-- schema: calendar
CREATE TABLE IF NOT EXISTS calendar.calendars (
  tenant_id UUID NOT NULL,
  id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('builtin', 'google')),
  time_zone TEXT NOT NULL,
  -- [{"weekday": 1, "from": "09:00", "to": "17:00"}, …], ISO weekdays.
  working_hours JSONB NOT NULL,
  closed DATE[] NOT NULL DEFAULT '{}',
  google_calendar_id TEXT NOT NULL DEFAULT '',
  google_credential_kind TEXT NOT NULL DEFAULT '' CHECK (google_credential_kind IN ('', 'service_account', 'refresh_token')),
  google_credential_sealed TEXT NOT NULL DEFAULT '',
  -- Set when the provider says that the grant is gone; cleared by new credentials.
  disconnected_reason TEXT NOT NULL DEFAULT '',
  retired BOOLEAN NOT NULL DEFAULT FALSE,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, id)
);

-- Events of built-in calendars. A deleted one stays, as not live, the way Google keeps them.
CREATE TABLE IF NOT EXISTS calendar.events (
  tenant_id UUID NOT NULL,
  calendar_id TEXT NOT NULL,
  id TEXT NOT NULL,
  appointment_id TEXT NOT NULL DEFAULT '',
  time_range TSTZRANGE NOT NULL,
  summary TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  location TEXT NOT NULL DEFAULT '',
  live BOOLEAN NOT NULL DEFAULT TRUE,
  created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, calendar_id, id),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendar.calendars (tenant_id, id)
);
CREATE INDEX IF NOT EXISTS events_by_time ON calendar.events USING gist (tenant_id, calendar_id, time_range) WHERE (live);

SELECT public.protect_tenant_table(t::regclass, 'bookproof_calendar') FROM unnest(ARRAY['calendar.calendars', 'calendar.events']) AS t;
