import { AttemptStatus, DifferenceKind } from "@bookproof/proto/booking";
import { eventually } from "@bookproof/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openBrowser } from "../support/browser.ts";
import { type InProcessWorld, startInProcessWorld } from "../support/in-process-world.ts";
import { clinic, clinicId, clinicOwner, clinicPhone, googleCalendar } from "../support/tenants.ts";

const googleId = "drift@group.calendar.google.com";
const hour = 3_600_000;

let world: InProcessWorld;
let customers = 0;

beforeAll(async () => {
  world = await startInProcessWorld({
    tenants: [clinic(googleCalendar("cal-smith", "Dr. Smith", googleId))],
    configure: {
      booking: (config) => ({ ...config, drift: { changesEveryMs: 100 } }),
      calendar: (config) => ({
        ...config,
        google: { ...config.google, sync: { ...config.google.sync, lookMs: 50, everyMs: 300, writingMs: 500 } },
      }),
    },
  });
}, 60_000);
afterAll(() => world.close());

/** 10:00 in New York, so many days from now; each test has days of its own. */
let days = 2;
function tenOClock(): Date {
  const date = new Date(Date.now() + ++days * 24 * hour);
  date.setUTCHours(15, 0, 0, 0);
  return date;
}

async function booked(start = tenOClock()) {
  const phone = `+1555127${String(++customers).padStart(4, "0")}`;
  const { holdId } = await world.booking.claimSlot({
    ...{ tenantId: clinicId, holdId: crypto.randomUUID(), offeringId: "consultation", calendarId: "cal-smith", start },
    ...{ callSid: "", customerName: "Jane Roe", customerPhone: phone, replacesHoldId: "", cid: `cid-${phone}` },
  });
  const { appointmentId, calendarEventId, status } = await world.booking.confirmBooking({
    ...{ tenantId: clinicId, holdId, cid: `cid-${phone}`, conversationId: "", messageSid: "", address: "" },
    ...{ customer: { name: "Jane Roe", phone, email: "" }, notAfter: undefined, businessPhone: clinicPhone },
    bookingSource: "manual",
  });
  expect(status).toBe(AttemptStatus.ATTEMPT_STATUS_CONFIRMED);
  await eventually("the confirmation", () => world.received(phone).some((body) => body.includes("all set")));
  return { phone, start, appointmentId, eventId: calendarEventId };
}
type Booked = Awaited<ReturnType<typeof booked>>;

const at = (time: Date) => ({ dateTime: time.toISOString() });
const moveByHand = ({ eventId }: Booked, start: Date, lengthMs = hour / 2) =>
  world.google.changeByHand({
    ...{ action: "move", calendarId: googleId, eventId },
    ...{ start: at(start), end: at(new Date(start.getTime() + lengthMs)) },
  });
const rowOf = async ({ appointmentId }: Booked) =>
  (
    await world.database.query("SELECT scheduled_at, status, drift FROM booking.appointments WHERE id = $1", [
      appointmentId,
    ])
  ).rows[0];
const alertsAbout = ({ phone }: Booked) => world.received(clinicOwner).filter((body) => body.includes(phone));
const alertOf = (appointment: Booked, words: string) =>
  eventually(`an alert "${words}"`, () => alertsAbout(appointment).find((body) => body.includes(words)), 15_000);
const proofOf = async ({ appointmentId }: Booked) =>
  (
    await world.booking.getBookingProof({
      tenantId: clinicId,
      subject: { $case: "appointmentId", value: appointmentId },
    })
  ).status;
const audit = async (repair = false) =>
  (await world.booking.auditCalendars({ tenantId: clinicId, calendarId: "", repair })).calendars[0];

test("an event moved by hand: the appointment follows, the owner is told from when to when, the customer is told nothing", async () => {
  const appointment = await booked();
  const texts = world.received(appointment.phone).length;
  const to = new Date(appointment.start.getTime() + 3 * hour);
  moveByHand(appointment, to);
  const alert = await alertOf(appointment, "MOVED in the calendar");
  expect(alert).toMatch(/From .* at 10:00 AM to .* at 1:00 PM\./);
  expect(alert).toContain("The customer has not been told.");
  expect(await rowOf(appointment)).toEqual({ scheduled_at: to, status: "confirmed", drift: "" });
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_PROVEN");
  const again = await world.booking.claimSlot({
    ...{ tenantId: clinicId, holdId: crypto.randomUUID(), offeringId: "consultation", calendarId: "cal-smith" },
    ...{ start: appointment.start, callSid: "", customerName: "X", customerPhone: "+15551279999", cid: "cid-again" },
    replacesHoldId: "",
  });
  expect(again.success).toBe(true);
  expect(world.received(appointment.phone)).toHaveLength(texts);
  expect(alertsAbout(appointment)).toHaveLength(1);
});

test("an event moved by hand onto another appointment: it stays booked where it was, is no proof, and the owner is told", async () => {
  const appointment = await booked();
  const other = await booked(new Date(appointment.start.getTime() + hour));
  moveByHand(appointment, other.start);
  await alertOf(appointment, "onto another");
  expect(await rowOf(appointment)).toEqual({ scheduled_at: appointment.start, status: "confirmed", drift: "moved" });
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_NO_CALENDAR_EVENT");
  moveByHand(appointment, appointment.start);
  await eventually("it agrees again", async () => (await rowOf(appointment)).drift === "", 15_000);
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_PROVEN");
  expect(alertsAbout(appointment)).toHaveLength(1);
});

test("an event deleted by hand: the appointment is flagged, is no proof any more, and only the owner is told", async () => {
  const appointment = await booked();
  const texts = world.received(appointment.phone).length;
  world.google.changeByHand({ action: "delete", calendarId: googleId, eventId: appointment.eventId });
  const alert = await alertOf(appointment, "DELETED in the calendar");
  expect(alert).toContain("It is not cancelled");
  expect(await rowOf(appointment)).toMatchObject({ status: "confirmed", drift: "deleted" });
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_NO_CALENDAR_EVENT");
  expect(world.received(appointment.phone)).toHaveLength(texts);
});

test("an event that a person puts back after a cancellation is told of, also where a move of it had failed before", async () => {
  const appointment = await booked();
  const { appointmentId, phone } = appointment;
  const change = { tenantId: clinicId, appointmentId, conversationId: "", messageSid: "", customerPhone: "" };
  const holdId = crypto.randomUUID();
  const start = new Date(appointment.start.getTime() + 2 * hour);
  await world.booking.claimMoveSlot({ tenantId: clinicId, appointmentId, holdId, calendarId: "", start });
  world.google.faults.add({ kind: "fail-before", match: { method: "PATCH" }, status: 403, code: "forbidden" });
  await world.booking.moveAppointment({ ...change, holdId, cid: `move-${phone}`, businessPhone: "" });
  world.google.faults.clear();
  await world.booking.cancelAppointment({ ...change, actionId: crypto.randomUUID(), cid: "gone", businessPhone: "" });
  const orphans = () => world.received(clinicOwner).filter((body) => body.includes("NOT booked")).length;
  const before = orphans();
  world.google.changeByHand({ action: "restore", calendarId: googleId, eventId: appointment.eventId });
  await eventually("the alert", () => orphans() > before, 15_000);
});

test("our own moves and cancellations are nobody's drift", async () => {
  const appointment = await booked();
  const actionId = crypto.randomUUID();
  await world.booking.cancelAppointment({
    ...{ tenantId: clinicId, appointmentId: appointment.appointmentId, actionId, cid: "cancel", conversationId: "" },
    ...{ messageSid: "", customerPhone: "", businessPhone: "", notAfter: undefined },
  });
  const next = await booked();
  moveByHand(next, new Date(next.start.getTime() + hour));
  await alertOf(next, "MOVED in the calendar");
  // Changes are handed out in order: what was before that one was looked at.
  expect(alertsAbout(appointment)).toEqual([]);
});

test("a grant that is gone: the owner is told once, with a link by which the calendar is connected again", async () => {
  const told = () => world.received(clinicOwner).filter((body) => body.includes("does not let us in"));
  world.google.setConsent({ account: "smith@example.com" });
  world.google.revokeGrant(`grant-of-${googleId}`);
  const [alert = ""] = await eventually("the alert", () => told().length > 0 && told(), 15_000);
  expect(alert).toContain("Calendar: Dr. Smith.");
  const link = /Open (http\S+)/.exec(alert)?.[1] ?? "";
  const browser = openBrowser();
  const atGoogle = await browser.follow(link);
  const page = await browser.step(await browser.follow(atGoogle));
  expect([page.status, page.text]).toEqual([200, expect.stringContaining("Dr. Smith")]);
  const appointment = await booked();
  expect(await proofOf(appointment)).toBe("PROOF_STATUS_PROVEN");
  expect(told()).toHaveLength(1);
});

test("the audit names every difference, both ways, and repairs what it may", async () => {
  const missing = await booked();
  const orphaned = await booked();
  await world.database.query(
    "UPDATE booking.appointments SET calendar_event_id = 'gone0' || left(calendar_event_id, 20) WHERE id = $1",
    [missing.appointmentId],
  );
  await world.database.query("UPDATE booking.appointments SET status = 'cancelled' WHERE id = $1", [
    orphaned.appointmentId,
  ]);
  const found = await audit();
  expect(found?.unreadableReason).toBe("");
  const kinds = (of: Booked) =>
    found?.differences
      .filter(({ appointment, eventId }) => appointment?.appointmentId === of.appointmentId || eventId === of.eventId)
      .map(({ kind }) => kind)
      .sort();
  expect(kinds(missing)).toEqual([DifferenceKind.DIFFERENCE_KIND_MISSING, DifferenceKind.DIFFERENCE_KIND_ORPHAN]);
  expect(kinds(orphaned)).toEqual([DifferenceKind.DIFFERENCE_KIND_ORPHAN]);
  await audit(true);
  await alertOf(missing, "DELETED in the calendar");
  await eventually("an alert of the orphan", () =>
    world.received(clinicOwner).some((body) => body.includes("NOT booked")),
  );
  expect(await rowOf(missing)).toMatchObject({ drift: "deleted" });
});
