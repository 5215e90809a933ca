-- schema: booking, notifier
-- Which events the notifier has handled, by its own word; one that is missing after a while is brought to it directly.
CREATE TABLE IF NOT EXISTS booking.event_acknowledgements (
  tenant_id UUID NOT NULL,
  event_id UUID NOT NULL,
  via TEXT NOT NULL CHECK (via IN ('kafka', 'call')),
  acknowledged_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY (tenant_id, event_id)
);
SELECT public.protect_tenant_table('booking.event_acknowledgements', 'bookproof_booking', 'SELECT, INSERT');

-- Messages of Kafka that can never be handled, for a human. The tenant is what the key names, perhaps none: the service may add to
-- this table and read nothing of it.
CREATE TABLE IF NOT EXISTS notifier.parked_events (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id UUID,
  topic TEXT NOT NULL,
  kafka_partition INTEGER NOT NULL,
  kafka_offset BIGINT NOT NULL,
  message_key TEXT NOT NULL,
  headers JSONB NOT NULL,
  value BYTEA NOT NULL,
  error TEXT NOT NULL,
  parked_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
-- With its bytes: a Kafka that was set up anew counts from 0 again.
CREATE UNIQUE INDEX IF NOT EXISTS parked_events_once ON notifier.parked_events (topic, kafka_partition, kafka_offset, sha256(value));
GRANT INSERT ON notifier.parked_events TO bookproof_notifier;
