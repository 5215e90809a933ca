import type { PoisonEvent } from "@bookproof/events";
import type { Queryable } from "@bookproof/postgres";

/** Keeps a message of Kafka for a human; the same one again is kept once. */
export async function insertParkedEvent(
  client: Queryable,
  poison: Omit<PoisonEvent, "tenantId"> & { tenantId: string | null },
): Promise<void> {
  await client.query(
    `INSERT INTO notifier.parked_events (tenant_id, topic, kafka_partition, kafka_offset, message_key, headers, value, error)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      poison.tenantId,
      poison.topic,
      poison.partition,
      poison.offset,
      withoutNul(poison.key),
      JSON.stringify(
        Object.fromEntries(
          Object.entries(poison.headers).map(([name, value]) => [withoutNul(name), withoutNul(value)]),
        ),
      ),
      poison.value,
      poison.error.message,
    ],
  );
}

/** Postgres takes no NUL in a text, and a message that could not be parked would block those behind it. */
function withoutNul(text: string): string {
  return text.replaceAll("\u0000", "");
}
