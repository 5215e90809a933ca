import { HOLE } from "./normalise-when-text.ts";
import type { Clock } from "./read-hour.ts";
import * as words from "./when-words.ts";

/** A time of day as said, its hours not yet read as morning or evening. */
export type FoundTime = {
  at?: Clock;
  approx?: true;
  from?: Clock;
  to?: Clock;
  /** `to` is itself a time that would do ("2 or 3"). */
  toIncluded?: true;
  part?: words.DayPart;
  inMinutes?: number;
};

const HOUR = String.raw`(\d{1,2})(?::([0-5]\d))?(?: ?(am|pm)\b)?`;
const START = String.raw`(?<![\d/:.#$-]|\b${words.MONTH}\.? )`;
const END = String.raw`(?![\d/:%a-z]|[.-]\d)(?! ?${words.COUNTED})(?! ${words.MONTH})`;
const CLOCK = `${START}${HOUR}${END}`;
const NAMED_DAY = String.raw`(?:${words.WEEKDAY}|\b(?:today|tomorrow|tonight|morning|afternoon|evening)\b)`;
const DATE_BEFORE = String.raw`(?<=(?:${NAMED_DAY}|${words.MONTH}\.? \d{1,2}(?:st|nd|rd|th)?|\d(?:st|nd|rd|th)|\d/\d{1,2}),? )`;
const DATE_AFTER = `(?= (?:on |this |next |in the )*${NAMED_DAY})`;

const RANGE = new RegExp(
  String.raw`(\b(?:between|from|btwn|b/w) )?${START}${HOUR} ?(-|to|and|until|till?|thru|through) ?${HOUR}${END}`,
);
const EITHER = new RegExp(String.raw`(\bat )?${START}${HOUR} (or) ${HOUR}${END}`);
const AFTER = [
  new RegExp(String.raw`(?:\bfrom )?${CLOCK} ?${words.OR_LATER}`),
  new RegExp(String.raw`\b${words.AFTER} ${CLOCK}`),
];
const BEFORE = [
  new RegExp(String.raw`(?:\bat )?${CLOCK} ?${words.OR_EARLIER}`),
  new RegExp(String.raw`\b${words.BEFORE} ${CLOCK}`),
];
const AROUND = [new RegExp(String.raw`(?:\bat )?(?:\b|(?=~))${words.AROUND} ?(?:at )?${CLOCK}`)];
const AT = [
  new RegExp(String.raw`\bat ${CLOCK}`),
  // An hour with its minutes or its half of the day needs no other sign.
  new RegExp(String.raw`(?=\d{1,2}(?::| ?[ap]m))${CLOCK}`),
  new RegExp(`${DATE_BEFORE}${HOUR}${END}(?=${words.AFTER_HOUR})`),
  new RegExp(String.raw`(?:^|\b(?:do|it|about|say|maybe|for)\b |, )${CLOCK}${DATE_AFTER}`),
  new RegExp(`${CLOCK}(?=${words.SUITS}.{0,30}${NAMED_DAY})`),
  new RegExp(String.raw`\bfor ${CLOCK}(?=${words.AFTER_HOUR})`),
];
const BARE = new RegExp(String.raw`^\W*${words.BARE_BEFORE}${CLOCK}${words.BARE_AFTER}\W*$`);
const ANY_DAY = new RegExp(NAMED_DAY);

function readClock(hour?: string, minute?: string, half?: string): Clock | undefined {
  if (hour === undefined || Number(hour) > 23) return undefined;
  return { hour: Number(hour), minute: Number(minute ?? 0), half: half === "am" || half === "pm" ? half : undefined };
}

/**
 * Takes the time of day out of normalised text. `rest` is what remains, for the date to be found in.
 * `mayBeBare(hour)` says whether a message that is a number and nothing more is that hour.
 */
export function findTime(text: string, mayBeBare: (hour: number) => boolean): { time?: FoundTime; rest: string } {
  let rest = text;
  const time: FoundTime = {};
  const cut = (match: RegExpExecArray) => {
    rest = `${rest.slice(0, match.index)}${HOLE}${rest.slice(match.index + match[0].length)}`;
  };
  const takeClock = (patterns: RegExp[]): Clock | undefined => {
    for (const pattern of patterns) {
      const match = pattern.exec(rest);
      const clock = match && readClock(match[1], match[2], match[3]);
      if (!clock) continue;
      cut(match);
      return clock;
    }
    return undefined;
  };
  const takePair = (pattern: RegExp): [Clock, Clock] | undefined => {
    const match = pattern.exec(rest);
    const from = match && readClock(match[2], match[3], match[4]);
    const to = match && readClock(match[6], match[7], match[8]);
    if (!from || !to) return undefined;
    const isHour = match[1] ?? match[3] ?? match[4] ?? match[7] ?? match[8];
    if (!isHour && (match[5] === "and" || !ANY_DAY.test(text))) return undefined;
    cut(match);
    return [from, to];
  };

  const delay = words.IN_HOURS.exec(rest);
  if (delay) {
    cut(delay);
    return { time: { inMinutes: readDelay(delay[1] ?? "", delay[2] ?? "") }, rest };
  }
  const range = takePair(RANGE);
  const either = range ? undefined : takePair(EITHER);
  if (range) [time.from, time.to] = range;
  else if (either) [time.from, time.to, time.toIncluded] = [...either, true];
  else takeOpenEnded(time, takeClock);
  if (!time.from && !time.to) {
    const around = takeClock(AROUND);
    const at = around ?? takeClock(AT) ?? takeBare();
    if (at) time.at = at;
    if (around) time.approx = true;
  }
  for (const [pattern, part] of words.DAY_PARTS) {
    if (!pattern.test(rest)) continue;
    time.part = part;
    break;
  }
  return Object.keys(time).length > 0 ? { time, rest } : { rest };

  function takeBare(): Clock | undefined {
    const hour = BARE.exec(rest)?.[1];
    return hour && mayBeBare(Number(hour)) ? takeClock([BARE]) : undefined;
  }
}

/** "after 2", "before 5", or both. */
function takeOpenEnded(time: FoundTime, takeClock: (patterns: RegExp[]) => Clock | undefined): void {
  const from = takeClock(AFTER);
  const to = takeClock(BEFORE);
  if (from) time.from = from;
  if (to) time.to = to;
}

function readDelay(count: string, unit: string): number {
  const minutes = unit.startsWith("h") ? 60 : 1;
  if (count.startsWith("half")) return minutes / 2;
  return (/^\d/.test(count) ? Number(count) : 1) * minutes;
}
