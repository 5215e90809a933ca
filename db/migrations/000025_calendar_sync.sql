-- schema: calendar
-- How far a calendar at Google is known here; one row each. Times are the database's.
CREATE TABLE IF NOT EXISTS calendar.syncs (
  tenant_id UUID NOT NULL,
  calendar_id TEXT NOT NULL,
  -- Whether it is asked about: neither retired nor disconnected.
  watched BOOLEAN NOT NULL,
  -- When watching it began, or began anew.
  since TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  -- Google's, with which it tells what has changed; NULL asks for everything.
  sync_token TEXT,
  -- Set once all its events were listed: one of ours that is unknown afterwards is news.
  listed_at TIMESTAMPTZ,
  -- calendar.busy_times holds all that was busy between busy_from and busy_to at this moment or later.
  busy_checked_at TIMESTAMPTZ,
  busy_from TIMESTAMPTZ,
  busy_to TIMESTAMPTZ,
  due_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  leased_until TIMESTAMPTZ,
  -- In a row.
  failures INTEGER NOT NULL DEFAULT 0,
  -- Grows with each claim and each write of ours: what was asked before is then not stored any more.
  version BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, calendar_id),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendar.calendars (tenant_id, id)
);
CREATE INDEX IF NOT EXISTS syncs_due ON calendar.syncs (due_at) WHERE watched;

-- Two bounds, not a range: operators of ranges may not be asked of an index before row-level security is (they are not leakproof).
CREATE TABLE IF NOT EXISTS calendar.busy_times (
  tenant_id UUID NOT NULL,
  calendar_id TEXT NOT NULL,
  from_at TIMESTAMPTZ NOT NULL,
  to_at TIMESTAMPTZ NOT NULL CHECK (from_at < to_at),
  PRIMARY KEY (tenant_id, calendar_id, from_at, to_at)
);

-- Each event of ours at Google as it was last written or seen.
CREATE TABLE IF NOT EXISTS calendar.seen_events (
  tenant_id UUID NOT NULL,
  calendar_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  appointment_id TEXT NOT NULL DEFAULT '',
  live BOOLEAN NOT NULL DEFAULT FALSE,
  declined BOOLEAN NOT NULL DEFAULT FALSE,
  time_range TSTZRANGE,
  -- While a write of ours may be under way.
  writing_until TIMESTAMPTZ,
  seen_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, calendar_id, event_id)
);
CREATE INDEX IF NOT EXISTS seen_events_writing ON calendar.seen_events (tenant_id, calendar_id) WHERE writing_until IS NOT NULL;
CREATE INDEX IF NOT EXISTS seen_events_by_age ON calendar.seen_events (seen_at);

-- What happened in calendars without us, for booking to act on.
CREATE TABLE IF NOT EXISTS calendar.changes (
  tenant_id UUID NOT NULL,
  seq BIGINT GENERATED ALWAYS AS IDENTITY,
  calendar_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('event', 'disconnected', 'reconnected')),
  event_id TEXT NOT NULL DEFAULT '',
  appointment_id TEXT NOT NULL DEFAULT '',
  live BOOLEAN NOT NULL DEFAULT FALSE,
  declined BOOLEAN NOT NULL DEFAULT FALSE,
  time_range TSTZRANGE,
  seen_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  taken_until TIMESTAMPTZ,
  acknowledged_at TIMESTAMPTZ,
  -- No reference to the calendar: it would lock its row after that of its sync, and who changes a calendar locks them the other way round.
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX IF NOT EXISTS changes_open ON calendar.changes (seq) WHERE acknowledged_at IS NULL;
CREATE INDEX IF NOT EXISTS changes_by_age ON calendar.changes (acknowledged_at) WHERE acknowledged_at IS NOT NULL;

SELECT public.protect_tenant_table(t::regclass, 'bookproof_calendar') FROM unnest(ARRAY[
  'calendar.syncs', 'calendar.busy_times', 'calendar.seen_events', 'calendar.changes']) AS t;

-- Whoever changes a calendar's row: its connection is told of once a transition, and its sync follows.
CREATE OR REPLACE FUNCTION calendar.follow_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_watched boolean := NEW.kind = 'google' AND NOT NEW.retired AND NEW.disconnected_reason = '' AND NEW.google_credential_sealed <> '';
BEGIN
  -- One whose dead credential was taken away is not connected again.
  IF TG_OP = 'UPDATE' AND (OLD.disconnected_reason = '') <> (NEW.disconnected_reason = '')
    AND (NEW.disconnected_reason <> '' OR NEW.google_credential_sealed <> '') THEN
    INSERT INTO calendar.changes (tenant_id, calendar_id, kind)
    VALUES (NEW.tenant_id, NEW.id, CASE WHEN NEW.disconnected_reason = '' THEN 'reconnected' ELSE 'disconnected' END);
  END IF;
  -- Another calendar at Google: nothing is known of it.
  IF TG_OP = 'UPDATE' AND (OLD.kind, OLD.google_calendar_id) <> (NEW.kind, NEW.google_calendar_id) THEN
    DELETE FROM calendar.syncs WHERE tenant_id = NEW.tenant_id AND calendar_id = NEW.id;
    DELETE FROM calendar.busy_times WHERE tenant_id = NEW.tenant_id AND calendar_id = NEW.id;
    DELETE FROM calendar.seen_events WHERE tenant_id = NEW.tenant_id AND calendar_id = NEW.id;
  END IF;
  IF NEW.kind = 'google' THEN
    INSERT INTO calendar.syncs AS s (tenant_id, calendar_id, watched) VALUES (NEW.tenant_id, NEW.id, v_watched)
    ON CONFLICT (tenant_id, calendar_id) DO UPDATE SET watched = excluded.watched;
    -- Another grant may see other events.
    IF TG_OP = 'UPDATE' AND OLD.google_credential_sealed <> NEW.google_credential_sealed THEN
      UPDATE calendar.syncs SET sync_token = NULL, busy_checked_at = NULL, due_at = clock_timestamp(), since = clock_timestamp(),
        failures = 0, version = version + 1
      WHERE tenant_id = NEW.tenant_id AND calendar_id = NEW.id;
    END IF;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS follow_calendar ON calendar.calendars;
CREATE TRIGGER follow_calendar AFTER INSERT OR UPDATE OF kind, google_calendar_id, google_credential_sealed, disconnected_reason, retired
  ON calendar.calendars FOR EACH ROW EXECUTE FUNCTION calendar.follow_calendar();

INSERT INTO calendar.syncs (tenant_id, calendar_id, watched)
SELECT tenant_id, id, NOT retired AND disconnected_reason = '' AND google_credential_sealed <> '' FROM calendar.calendars WHERE kind = 'google'
ON CONFLICT (tenant_id, calendar_id) DO NOTHING;

-- The look-up that precedes a tenant: ids only.
CREATE OR REPLACE FUNCTION calendar.due_syncs(p_limit integer) RETURNS TABLE (tenant_id uuid, calendar_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.tenant_id, s.calendar_id FROM calendar.syncs AS s
  WHERE s.watched AND s.due_at <= now() AND (s.leased_until IS NULL OR s.leased_until <= now())
    AND NOT EXISTS (SELECT FROM calendar.seen_events AS e
      WHERE e.tenant_id = s.tenant_id AND e.calendar_id = s.calendar_id AND e.writing_until > now())
  ORDER BY s.due_at LIMIT p_limit
$$;

-- For how long the calendar that was not checked for the longest time has not been; NULL where there is none.
CREATE OR REPLACE FUNCTION calendar.oldest_sync_seconds() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT extract(epoch FROM now() - min(coalesce(s.busy_checked_at, s.since)))::float8 FROM calendar.syncs AS s WHERE s.watched
$$;

-- Takes the oldest open changes of all tenants for a while: ids only.
CREATE OR REPLACE FUNCTION calendar.take_changes(p_limit integer, p_lease_ms integer) RETURNS TABLE (tenant_id uuid, seq bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE calendar.changes AS c SET taken_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
  WHERE c.acknowledged_at IS NULL AND c.seq = ANY (ARRAY(
    SELECT open.seq FROM calendar.changes AS open
    WHERE open.acknowledged_at IS NULL AND (open.taken_until IS NULL OR open.taken_until <= clock_timestamp())
    ORDER BY open.seq LIMIT p_limit FOR UPDATE SKIP LOCKED))
  RETURNING c.tenant_id, c.seq
$$;

-- Forgets up to p_limit acknowledged changes, and as many events that are over or deleted, that are older than p_before; never what is younger
-- than a day. Says how many of both.
CREATE OR REPLACE FUNCTION calendar.forget_old(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql STRICT SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH changes AS (
    DELETE FROM calendar.changes WHERE (tenant_id, seq) IN (
      SELECT old.tenant_id, old.seq FROM calendar.changes AS old
      WHERE old.acknowledged_at < least(p_before, now() - interval '1 day')
      ORDER BY old.acknowledged_at LIMIT least(p_limit, 10000) FOR UPDATE SKIP LOCKED)
    RETURNING 1
  ), events AS (
    DELETE FROM calendar.seen_events WHERE (tenant_id, calendar_id, event_id) IN (
      SELECT old.tenant_id, old.calendar_id, old.event_id FROM calendar.seen_events AS old
      WHERE old.seen_at < least(p_before, now() - interval '1 day')
        AND (NOT old.live OR upper(old.time_range) < least(p_before, now() - interval '1 day'))
      ORDER BY old.seen_at LIMIT least(p_limit, 10000) FOR UPDATE SKIP LOCKED)
    RETURNING 1
  )
  SELECT ((SELECT count(*) FROM changes) + (SELECT count(*) FROM events))::integer
$$;

REVOKE ALL ON FUNCTION calendar.due_syncs, calendar.oldest_sync_seconds, calendar.take_changes, calendar.forget_old FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar.due_syncs, calendar.oldest_sync_seconds, calendar.take_changes, calendar.forget_old TO bookproof_calendar;
