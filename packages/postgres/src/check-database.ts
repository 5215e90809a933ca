import { checkClock, checksOf, type Logger, okCheck } from "@bookproof/service";
import type { Queryable } from "./pool.ts";

const withinMs = 6_000;

type Check = ReturnType<typeof okCheck>;

/**
 * Two checks of the doctor: whether a service's database answers, and whose clock differs from the database's.
 * @param options.service as a sentence names it, e.g. "the agent"
 * @param answers a harder question than the time, in place of it
 */
export function checkDatabase(
  pool: Queryable,
  options: { service: string; logger: Logger; now?: () => number; whatToDo?: string },
  answers: () => Promise<Check> = async () => okCheck("database", "It answers."),
): Promise<Check[]> {
  const { service, logger, now = Date.now } = options;
  const { whatToDo = `Look at Postgres, and at DATABASE_URL of ${service}.` } = options;
  return checksOf("database", { whatToDo, withinMs, logger }, async () => {
    const read = async () => ({ at: await selectClock(pool), precisionMs: 0 });
    const clock = await checkClock({ clock: "the database's", service, now }, read);
    return [await answers(), clock];
  });
}

async function selectClock(client: Queryable): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  if (!rows[0]) throw new Error("the database does not tell its time");
  return rows[0].now;
}
