import ical, {
  escape as escapeText,
  foldLines,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from "ical-generator";

/** An appointment or a blocked time as subscribers of a calendar see it. */
export interface CalendarEntry {
  /** The same as long as it is there. */
  id: string;
  from: Date;
  to: Date;
  summary: string;
  description: string;
  location: string;
  createdAt: Date;
  /** Of its last change. */
  updatedAt: Date;
}

/** How often subscribers are asked to come, in seconds. */
const refreshSeconds = 15 * 60;

/**
 * A calendar as iCalendar text (RFC 5545), the same for the same entries. Without METHOD, DTSTAMP is the time of the last change; SEQUENCE,
 * which must only grow, is how many seconds after its making an entry was changed.
 */
export function calendarText(name: string, entries: CalendarEntry[]): string {
  const calendar = ical({ prodId: "//Bookproof//Calendar//EN", ttl: refreshSeconds });
  // The library escapes the texts of events, but not the calendar's name.
  calendar.name(escapeText(writable(name), false));
  const frame = calendar.toString();
  const components = entries.map((entry) => calendar.createEvent(eventOf(entry)).toString());
  // RFC 5545 wants one component at least.
  const body = components.length > 0 ? components.join("") : utc;
  return `${frame.slice(0, -end.length)}${body.split("\r\n").map(folded).join("\r\n")}${end}\r\n`;
}

const end = "END:VCALENDAR";
const longestLine = 75;

/** The library folds every line octet by octet, which takes a second for a thousand events; few of them are long. */
const folded = (line: string): string => (Buffer.byteLength(line) > longestLine ? foldLines(line) : line);

function eventOf(entry: CalendarEntry): ICalEventData {
  return {
    id: `${entry.id}@bookproof`,
    start: entry.from,
    end: entry.to,
    summary: writable(entry.summary),
    description: writable(entry.description) || null,
    location: writable(entry.location) || null,
    status: ICalEventStatus.CONFIRMED,
    transparency: ICalEventTransparency.OPAQUE,
    stamp: entry.updatedAt,
    lastModified: entry.updatedAt,
    sequence: Math.max(0, Math.floor((entry.updatedAt.getTime() - entry.createdAt.getTime()) / 1_000)),
  };
}

const utc = [
  ...["BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"],
  ...["TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE", ""],
].join("\r\n");

/**
 * A text as iCalendar can hold it: line ends of any kind are "\n", and what RFC 5545 lets no text have is left out, so that no reader takes a
 * part of it for a line of its own.
 */
export function writable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "");
}
