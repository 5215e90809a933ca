import { DateTime } from "luxon";
import { UsageError } from "./usage-error.ts";

const pattern =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<clock>\d\d:\d\d(?::\d\d)?)(?<offset>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/i;

/** How an option's time is read. */
export interface TypedTimeOptions {
  /** As it is named in complaints, e.g. "--from". */
  option: string;
  /** IANA name of the zone whose clocks are meant where no offset stands. */
  timeZone: string;
  /** Whether a date alone is the end of that day, or else its beginning. */
  isEnd: boolean;
}

/**
 * The instant of a typed time: "2026-12-24 13:00" (or with T) by the clocks of the zone, the same with an offset ("…T13:00-05:00", "…Z"), or a
 * date alone.
 * @throws UsageError with what is wrong, also for a time that the clocks skip or show twice on that day
 */
export function readTypedTime(text: string, { option, timeZone, isEnd }: TypedTimeOptions): Date {
  const { date, clock, offset } = pattern.exec(text.trim())?.groups ?? {};
  if (!date)
    throw new UsageError(
      `${option} must be a time such as "2026-12-24 13:00" or 2026-12-24T13:00-05:00, or a date such as 2026-12-24.`,
    );
  const read = DateTime.fromISO(clock ? `${date}T${clock}${offset ?? ""}` : date, { zone: timeZone });
  if (!read.isValid || clock?.startsWith("24"))
    throw new UsageError(`${option}: there is no ${clock ? "such time" : "such day"} as ${text.trim()}.`);
  if (!clock) return firstInstant(isEnd ? read.plus({ days: 1 }) : read).toJSDate();
  if (!offset) refuseUnclear(read, { option, typed: `${date}T${clock}`, timeZone });
  return read.toJSDate();
}

/** Of a day, also where the clocks go back over midnight. */
const firstInstant = (day: DateTime): DateTime => day.startOf("day").getPossibleOffsets().reduce(earlier);

const earlier = (a: DateTime, b: DateTime) => (a < b ? a : b);

function refuseUnclear(
  read: DateTime,
  { option, typed, timeZone }: { option: string; typed: string; timeZone: string },
): void {
  const where = `${option}: ${typed} in ${timeZone}`;
  if (!read.toFormat("yyyy-MM-dd'T'HH:mm:ss").startsWith(typed))
    throw new UsageError(`${where} does not exist: the clocks are put forward over it. Give a time before or after.`);
  const twice = read.getPossibleOffsets().sort((a, b) => a.toMillis() - b.toMillis());
  if (twice.length > 1) {
    const both = twice.map((one) => one.toISO({ suppressSeconds: true, suppressMilliseconds: true })).join(" or ");
    throw new UsageError(`${where} comes twice, as the clocks are put back: write ${both}.`);
  }
}
