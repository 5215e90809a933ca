import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import ICAL from "ical.js";
import { type CalendarEntry, calendarText, writable } from "./calendar-text.ts";

const entry: CalendarEntry = {
  id: "a1b2c3",
  from: new Date("2026-03-09T14:00:00Z"),
  to: new Date("2026-03-09T14:30:00Z"),
  summary: "Consultation: Jane Roe",
  description: "Booked with Smile Dental by +15551230001",
  location: "12 Main St, Springfield",
  createdAt: new Date("2026-03-01T10:00:00Z"),
  updatedAt: new Date("2026-03-01T10:00:00Z"),
};

/** What a reader that shares no code with the writer makes of it. */
function readBack(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return {
    names: ["name", "x-wr-calname"].map((name) => textOf(calendar.getFirstPropertyValue(name))),
    components: calendar.getAllSubcomponents().map((component) => component.name),
    events: calendar.getAllSubcomponents("vevent").map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        from: event.startDate.toJSDate(),
        to: event.endDate.toJSDate(),
        summary: event.summary,
        description: event.description ?? "",
        location: event.location ?? "",
      };
    }),
  };
}

/** The reader leaves properties that RFC 5545 does not name as they stand; they are texts all the same. */
const textOf = (raw: unknown) => ICAL.Property.fromString(`SUMMARY:${raw ?? ""}`).getFirstValue();

const asRead = ({ id, from, to, summary, description, location }: CalendarEntry) => ({
  uid: `${id}@bookproof`,
  from,
  to,
  ...{ summary, description, location },
});

/** Texts as people, copied pages and attackers write them. */
const pieces = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nSUMMARY:free all day\r\n",
    "\nATTACH:http://evil.example/",
    "\u2028BEGIN:VALARM\u2029",
    "\u0085X-A:1\v\f\r",
    "a\\nb\\\\;,:\"=^n^'",
    "👩‍👩‍👧‍👦 Zoë Ångström 山田太郎 \u202eolleh",
    " ",
    "\t",
    "x".repeat(74),
    "é".repeat(40),
    "𝄞".repeat(40),
  ),
);
const anyText = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(""));
const longText = fc.string({ unit: "grapheme", minLength: 200, maxLength: 600 });
const text = fc.oneof({ weight: 8, arbitrary: anyText }, { weight: 1, arbitrary: longText });
const seconds = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 });
const entries = fc.uniqueArray(
  fc
    .record({
      id: fc.stringMatching(/^[a-v0-9]{5,60}$/),
      start: seconds,
      length: fc.integer({ min: 1, max: 400 * 86_400 }),
      age: fc.integer({ min: 0, max: 1_000_000 }),
      summary: text,
      description: text,
      location: text,
    })
    .map(({ start, length, age, ...texts }) => ({
      ...texts,
      from: new Date(start * 1_000),
      to: new Date((start + length) * 1_000),
      createdAt: new Date((start - age) * 1_000),
      updatedAt: new Date(start * 1_000),
    })),
  { selector: ({ id }) => id, maxLength: 5 },
);

const asWritten = (one: CalendarEntry): CalendarEntry => ({
  ...one,
  summary: writable(one.summary),
  description: writable(one.description),
  location: writable(one.location),
});

describe("a calendar as iCalendar text", () => {
  test("is read back as it was by another library, whatever the texts in it are", () => {
    fc.assert(
      fc.property(text, entries, (name, all) => {
        const read = readBack(calendarText(name, all));
        expect(read.events).toEqual(all.map((one) => asRead(asWritten(one))));
        expect(read.components).toEqual(all.length > 0 ? all.map(() => "vevent") : ["vtimezone"]);
        expect(read.names).toEqual([writable(name), writable(name)]);
      }),
      { numRuns: 150 },
    );
  });

  test("has lines of 75 octets at most that end with CR LF, and no other line end or control character", () => {
    fc.assert(
      fc.property(text, entries, (name, all) => {
        const written = calendarText(name, all);
        expect(written.endsWith("\r\nEND:VCALENDAR\r\n")).toBe(true);
        for (const line of written.split("\r\n")) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[^\P{Cc}\t]|[\u2028\u2029]/u);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("keeps every text as it is but line ends and control characters", () => {
    const printable = fc.string({ unit: "grapheme" }).filter((one) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(one));
    fc.assert(fc.property(printable, (one) => expect(writable(one)).toBe(one)));
    expect(writable("a\r\nb\rc\nd\u2028e\u0085f\tg\u0000\u001b\u007f\u009fh\ud800")).toBe("a\nb\nc\nd\ne\nf\tgh\ufffd");
  });

  test("says of each entry what subscribers go by", () => {
    const moved = { ...entry, updatedAt: new Date("2026-03-01T10:02:05.900Z") };
    expect(calendarText("Dr. Smith, room; 2", [moved])).toBe(
      [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bookproof//Calendar//EN",
        "NAME:Dr. Smith\\, room\\; 2",
        "X-WR-CALNAME:Dr. Smith\\, room\\; 2",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "BEGIN:VEVENT",
        "UID:a1b2c3@bookproof",
        "SEQUENCE:125",
        "DTSTAMP:20260301T100205Z",
        "DTSTART:20260309T140000Z",
        "DTEND:20260309T143000Z",
        "SUMMARY:Consultation: Jane Roe",
        "TRANSP:OPAQUE",
        "LOCATION:12 Main St\\, Springfield",
        "DESCRIPTION:Booked with Smile Dental by +15551230001",
        "STATUS:CONFIRMED",
        "LAST-MODIFIED:20260301T100205Z",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
      ].join("\r\n"),
    );
  });

  test("is the same text for the same entries", () => {
    expect(calendarText("A", [entry])).toBe(calendarText("A", [{ ...entry }]));
  });
});
