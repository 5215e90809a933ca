import type { MessageEntry } from "@bookproof/simulators";
import type { TenantHistory } from "../history.ts";

export const start = Date.parse("2026-03-02T15:00:00Z");
export const business = "+15550100001";
export const owner = "+15550100900";
export const customer = "+15557770001";
export const tenantId = "a0000000-0000-0000-0000-000000000001";
export const appointmentId = "00000000-0000-0000-0000-0000000000a1";
export const attemptId = "00000000-0000-0000-0000-0000000000b1";
export const eventId = "000000000000000000000000000000b1";
/** Thu, Mar 5 at 9:00 AM in New York. */
export const slotAt = Date.parse("2026-03-05T14:00:00Z");
const cid = "cid-1";
const holdId = "00000000-0000-0000-0000-0000000000c1";
const accountSid = "AC1";

let count = 0;

/** A text in Twilio's ledger, `at` milliseconds into the story. */
export function text(from: string, to: string, body: string, at: number): MessageEntry {
  count += 1;
  const acceptedAt = start + at;
  return {
    ...{ sid: `SM${count}`, accountSid, from, to, body, acceptedAt, sentAt: acceptedAt, updatedAt: acceptedAt },
    direction: from === business ? "outbound-api" : "inbound",
    status: from === business ? "delivered" : "received",
    ...{ numSegments: 1, mediaUrls: [], messagingServiceSid: null, statusCallback: null, errorCode: null },
  };
}

/** One customer's journey that was booked, as all that is known of it says: true by every invariant. */
export function bookedHistory(): TenantHistory {
  const request = text(customer, business, "Thursday at 9", 0);
  const summary = text(business, customer, "Consultation: Thu, Mar 5 at 9:00 AM\nReply CONFIRM to book", 500);
  const confirm = text(customer, business, "Confirm!", 5_000);
  const booked = text(business, customer, "Your appointment is all set: Consultation on Thu, Mar 5 at 9:00 AM.", 6_000);
  const slot = { calendarId: "cal-smith", startAt: slotAt, endAt: slotAt + 1_800_000 };
  return {
    tenant: {
      ...{ id: tenantId, name: "Smile Dental", timeZone: "America/New_York", twilioAccountSid: accountSid },
      ...{ phoneNumbers: [business], ownerPhones: [owner], ownerEmail: "" },
      calendars: [{ id: "cal-smith", ledger: "smith@google" }],
    },
    others: [],
    tables: {
      appointments: [
        {
          ...{ id: appointmentId, ...slot, status: "confirmed", calendarEventId: eventId, insertOk: true, holdId },
          drift: "",
          ...{ customerPhone: customer, createdAt: start + 5_100, updatedAt: start + 5_500 },
        },
      ],
      holds: [
        {
          ...{ id: holdId, calendarId: "cal-smith", status: "confirmed", customerPhone: customer },
          ...{ busyFrom: slot.startAt, busyTo: slot.endAt, expiresAt: start + 600_000 },
        },
      ],
      attempts: [
        {
          ...{ id: attemptId, holdId, appointmentId, cid, messageSid: confirm.sid, status: "confirmed", kind: "book" },
          ...{ startAt: slot.startAt, endAt: slot.endAt },
          ...{ reason: "", cause: "", customerPhone: customer, calendarId: "cal-smith", calendarEventId: eventId },
          ...{ createdAt: start + 5_100, deadlineAt: start + 11_100, endedAt: start + 5_500 },
        },
      ],
      conversations: [
        {
          ...{ id: "conversation-1", customerPhone: customer, tenantPhone: business, cid, stage: "BOOKED" },
          ...{ needsHuman: false, needsHumanAt: undefined },
        },
      ],
      inbound: [request, confirm].map(({ sid, body, acceptedAt }) => ({
        ...{ messageSid: sid, from: customer, to: business, body, disposition: "accepted", cid },
        ...{ receivedAt: acceptedAt + 20, readAt: acceptedAt + 50 },
      })),
      outgoing: [summary, booked].map((sent, place) => ({
        ...{ id: `message-${place}`, key: `key-${place}`, cid, escalationId: undefined, appointmentId: undefined },
        ...{
          recipient: "customer",
          channel: "sms",
          kind: place ? "booked" : "free_text",
          to: customer,
          from: business,
        },
        ...{ sentBody: sent.body, status: "delivered", providerSid: sent.sid, providerStatus: "delivered" },
        createdAt: sent.acceptedAt - 50,
      })),
      ...{ escalations: [], optOuts: [], traces: [], calls: [], builtinEvents: [] },
    },
    ledgers: {
      messages: [request, summary, confirm, booked],
      writes: [
        {
          ...{
            action: "insert",
            by: "api",
            calendarId: "smith@google",
            eventId,
            status: "confirmed",
            sendUpdates: null,
          },
          ...{ startAt: slot.startAt, endAt: slot.endAt, acceptedAt: start + 5_300 },
          privateProperties: { bookproof_appointment_id: appointmentId, bookproof_tenant_id: tenantId },
        },
      ],
      ...{ calls: [], callbacks: [], webhooks: [], refused: [], twilioFaults: [], events: [], mails: [] },
    },
    voice: [],
    statements: [],
  };
}

/** The same journey where the calendar failed: the owner was alerted, the conversation waits for a human. */
export function escalatedHistory(): TenantHistory {
  const history = bookedHistory();
  const { tables, ledgers } = history;
  const alert = text(business, owner, alertBody("calendar_failed_after_confirm"), 7_000);
  Object.assign(tables.appointments[0] ?? {}, { status: "failed", calendarEventId: "", insertOk: false });
  Object.assign(tables.holds[0] ?? {}, { status: "kept" });
  Object.assign(tables.attempts[0] ?? {}, { status: "failed", reason: "calendar_failed_after_confirm" });
  Object.assign(tables.conversations[0] ?? {}, { stage: "NEEDS_HUMAN", needsHuman: true, needsHumanAt: start + 6_500 });
  tables.escalations.push({
    ...{ id: "escalation-1", attemptId, cid, reason: "calendar_failed_after_confirm", ref: "7F3K", status: "alerted" },
    ...{ round: 1, customerPhone: customer, createdAt: start + 6_500, resolvedAt: undefined },
  });
  tables.outgoing.pop();
  ledgers.messages = [...ledgers.messages.slice(0, 3), alert];
  ledgers.writes = [];
  return history;
}

export const alertBody = (reason: string) =>
  `Bookproof: booking FAILED after CONFIRM. Customer Jane Roe ${customer}. Reason: something (${reason}). Please contact them. Ref 7F3K cid ${cid} http://x`;
export const resolvedBody = `Bookproof: RESOLVED, the booking is confirmed. Customer ${customer}. Resolved 7F3K cid ${cid} http://x`;

/** The same customer's appointment, moved by a CONFIRM a minute later to 11:00 AM: true by every invariant. */
export function movedHistory(): TenantHistory {
  return changeHistory("move", "Your appointment is moved: Consultation on Thu, Mar 5 at 11:00 AM.");
}

/** The same, cancelled. */
export function cancelledHistory(): TenantHistory {
  return changeHistory("cancel", "Your appointment is cancelled: Consultation on Thu, Mar 5 at 9:00 AM.");
}

function changeHistory(kind: "move" | "cancel", words: string): TenantHistory {
  const history = bookedHistory();
  const { tables, ledgers } = history;
  const [booked] = tables.attempts;
  const [appointment] = tables.appointments;
  const [insert] = ledgers.writes;
  if (!booked || !appointment || !insert) throw new Error("the booked history is not whole");
  const startAt = kind === "move" ? slotAt + 7_200_000 : slotAt;
  const time = { startAt, endAt: startAt + 1_800_000 };
  const changeHoldId = kind === "move" ? "00000000-0000-0000-0000-0000000000c2" : holdId;
  tables.attempts.push({
    ...booked,
    ...{
      id: "00000000-0000-0000-0000-0000000000b2",
      kind,
      ...time,
      holdId: changeHoldId,
      cid: "cid-2",
      messageSid: "",
    },
    ...{ createdAt: start + 65_000, deadlineAt: start + 71_000, endedAt: start + 65_500 },
  });
  for (const hold of tables.holds) hold.status = "released";
  if (kind === "move") {
    Object.assign(appointment, time, { holdId: changeHoldId });
    tables.holds.push({
      ...{ id: changeHoldId, calendarId: "cal-smith", status: "confirmed", customerPhone: customer },
      ...{ busyFrom: time.startAt, busyTo: time.endAt, expiresAt: start + 600_000 },
    });
  } else appointment.status = "cancelled";
  const write = {
    action: kind === "move" ? "patch" : "delete",
    status: kind === "move" ? "confirmed" : "cancelled",
  } as const;
  ledgers.writes.push({ ...insert, ...write, ...time, acceptedAt: start + 65_300 });
  const told = text(business, customer, words, 66_000);
  ledgers.messages.push(told);
  const [outgoing] = tables.outgoing;
  if (outgoing)
    tables.outgoing.push({ ...outgoing, id: "change", key: "change", sentBody: words, providerSid: told.sid });
  return history;
}
