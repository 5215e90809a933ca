/** A length of time for people, in milliseconds: `35 ms`, `3.16 s`, `2 min 05 s`, `1 h 03 min`, `2 d 04 h`. */
export function describeDuration(ms: number): string {
  const two = (count: number) => String(count).padStart(2, "0");
  if (ms < 0) return `-${describeDuration(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 10) / 100).toFixed(2)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${two(Math.floor(ms / 1_000) % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** How instants read on the clock of `timeZone`; undefined means this machine's. */
export function localClock(timeZone: string | undefined) {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...{ weekday: "short", day: "numeric", month: "short", year: "numeric", timeZoneName: "longOffset" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" },
    timeZone,
  });
  const read = (instant: Date) =>
    Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    /** `Mon 4 May 2026 (GMT+02:00)` */
    day(instant: Date): string {
      const { weekday, day, month, year, timeZoneName } = read(instant);
      return `${weekday} ${day} ${month} ${year} (${timeZoneName})`;
    },
    /** `12:00:03.125` */
    time(instant: Date): string {
      const { hour, minute, second, fractionalSecond } = read(instant);
      return `${hour}:${minute}:${second}.${fractionalSecond}`;
    },
  };
}
