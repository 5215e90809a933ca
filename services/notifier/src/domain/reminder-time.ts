import { DateTime } from "luxon";

/** Nobody is reminded from 21:00 until 08:00 of the tenant's clock; what falls into the evening is said at 20:30. */
const quietFromHour = 21;
const quietUntilHour = 8;
const evening = { hour: 20, minute: 30, second: 0, millisecond: 0 };
const morning = { hour: quietUntilHour, minute: 0, second: 0, millisecond: 0 };

/** A booking made less than a day and this long before its start needs no reminder. */
const leastHoursAhead = 25;
/** A reminder that is late, because something was down, is not said so shortly before the start. */
const leastMinutesBefore = 60;

/**
 * When the reminder of an appointment is to be sent: the same time of the day before, outside the quiet hours of the tenant's
 * zone; now, if that has passed. Undefined where there is to be none.
 * @param times.bookedAt when the appointment was booked.
 */
export function reminderTime(times: { start: Date; bookedAt: Date; now: Date }, timeZone: string): Date | undefined {
  const start = DateTime.fromJSDate(times.start, { zone: timeZone });
  if (start.diff(DateTime.fromJSDate(times.bookedAt), "hours").hours < leastHoursAhead) return undefined;
  const planned = outsideQuietHours(start.minus({ days: 1 }));
  const now = DateTime.fromJSDate(times.now, { zone: timeZone });
  const due = planned >= now ? planned : isQuiet(now) ? nextMorning(now) : now;
  return due <= start.minus({ minutes: leastMinutesBefore }) ? due.toJSDate() : undefined;
}

const isQuiet = ({ hour }: DateTime) => hour >= quietFromHour || hour < quietUntilHour;

function outsideQuietHours(time: DateTime): DateTime {
  if (!isQuiet(time)) return time;
  return time.set(time.hour >= quietFromHour ? evening : morning);
}

function nextMorning(time: DateTime): DateTime {
  return (time.hour >= quietFromHour ? time.plus({ days: 1 }) : time).set(morning);
}
