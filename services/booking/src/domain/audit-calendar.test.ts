import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type AuditedAppointment, type AuditedEvent, auditCalendar } from "./audit-calendar.ts";

const appointment = (id: number, start = id): AuditedAppointment => ({
  ...{ appointmentId: `appointment${id}`, eventId: `event${id}`, start, end: start + 30 },
});
const eventOf = ({ appointmentId, eventId, start, end }: AuditedAppointment): AuditedEvent => ({
  ...{ appointmentId, eventId, start, end, declined: false },
});
const kinds = (appointments: AuditedAppointment[], events: AuditedEvent[]) =>
  auditCalendar(appointments, events).map(({ kind }) => kind);

test("a calendar that shows each appointment where it is has no difference", () => {
  const appointments = [appointment(1), appointment(2)];
  expect(kinds(appointments, appointments.map(eventOf).reverse())).toEqual([]);
});

test.each<[string, AuditedAppointment[], AuditedEvent[], string[]]>([
  ["an appointment without its event", [appointment(1)], [], ["missing"]],
  ["an event without an appointment", [], [eventOf(appointment(1))], ["orphan"]],
  ["an event at another time", [appointment(1)], [{ ...eventOf(appointment(1)), start: 5 }], ["moved"]],
  ["an event that was declined", [appointment(1)], [{ ...eventOf(appointment(1)), declined: true }], ["declined"]],
  [
    "a copy of an event",
    [appointment(1)],
    [eventOf(appointment(1)), { ...eventOf(appointment(1)), eventId: "copy" }],
    ["orphan"],
  ],
  [
    "an event whose mark names another appointment",
    [appointment(1)],
    [{ ...eventOf(appointment(1)), appointmentId: "appointment9" }],
    ["missing", "orphan"],
  ],
])("%s is found", (_title, appointments, events, expected) =>
  expect(kinds(appointments, events).sort()).toEqual(expected),
);

test("every appointment and every event is right or in one difference", () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 15 });
  fc.assert(
    fc.property(ids, ids, ids, (booked, shown, moved) => {
      const appointments = booked.map((id) => appointment(id));
      const events = shown.map((id) => eventOf(appointment(id, moved.includes(id) ? id + 100 : id)));
      const found = auditCalendar(appointments, events);
      const of = (kind: string) => found.filter((difference) => difference.kind === kind).length;
      expect(of("missing")).toBe(booked.filter((id) => !shown.includes(id)).length);
      expect(of("orphan")).toBe(shown.filter((id) => !booked.includes(id)).length);
      expect(of("moved")).toBe(shown.filter((id) => booked.includes(id) && moved.includes(id)).length);
    }),
  );
});
