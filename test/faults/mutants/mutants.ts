import type { Mutant } from "./mutant.ts";

/** faults.md, invariant 9: the seven it names, and four more that its promises rest on. */
export const mutants: readonly Mutant[] = [
  {
    name: "no_inbox_key",
    what: "a webhook that comes twice is taken in twice",
    breaks: ["nothing_lost"],
    sql: ["ALTER TABLE agent.inbound_messages DROP CONSTRAINT inbound_messages_pkey"],
    patches: [
      {
        file: "services/agent/src/rpc/receive-sms.ts",
        find: "if (known) return { ...known,",
        replace: "if (known && false) return { ...known,",
      },
    ],
    plans: { cells: ["webhook_repeated/A"], runs: 8 },
  },
  {
    name: "send_before_commit",
    what: "a text leaves before the intent to send it is committed",
    breaks: ["nothing_lost"],
    patches: [
      {
        file: "services/notifier/src/jobs/deliver-message.ts",
        find: `  const prepared = await prepareSending(deps, door, choice);
  if (prepared === "go") await send(deps, door, choice.words);`,
        replace: `  const sid = await handOver(deps, door, choice.words);
  const prepared = await prepareSending(deps, door, choice);
  if (prepared === "go") await accepted(deps, door, sid);`,
      },
    ],
    plans: { cells: ["twilio_timeout_after/D"], scenario: "sms", runs: 12 },
  },
  {
    name: "no_get_after_time_out",
    what: "an insert that timed out counts as done, nobody reads it back",
    breaks: ["no_lies", "one_event"],
    patches: [
      {
        file: "services/booking/src/domain/prove-calendar-change.ts",
        find: "const seen = await readBack(calendar);",
        replace: 'const seen: Awaited<ReturnType<typeof readBack>> = "done";',
      },
    ],
    plans: { cells: ["google_timeout_before/C"], scenario: "sms", runs: 8 },
  },
  {
    name: "settle_attempt_off",
    what: "nobody settles an attempt whose service died",
    breaks: ["attempts_end"],
    patches: [
      {
        file: "services/booking/src/jobs/settle-attempt.ts",
        find: 'if (attempt?.status !== "started") return;',
        replace: "if (attempt) return;",
      },
    ],
    plans: { cells: ["kill/C"], scenario: "sms", runs: 24 },
  },
  {
    name: "tenant_filter_off",
    what: "a calendar is found by its id alone, whosever it is: statement and row-level security",
    breaks: ["no_crossing", "no_lies"],
    sql: ["ALTER TABLE calendar.calendars DISABLE ROW LEVEL SECURITY"],
    patches: [
      {
        file: "services/calendar/src/queries/calendars.ts",
        find: "FROM calendar.calendars WHERE tenant_id = $1 AND id = ANY ($2)`",
        replace: "FROM calendar.calendars WHERE $1::text <> '' AND id = ANY ($2)`",
      },
    ],
    plans: { cells: ["twilio_slow/D"], scenario: "sms", runs: 12 },
  },
  {
    name: "door_open",
    what: "the door says booked without asking for the proof",
    breaks: ["no_lies"],
    patches: [
      {
        file: "services/notifier/src/door/choose-booked-words.ts",
        find: 'if (proof.status === "proven") {',
        replace: "if (proof.appointment) {",
      },
    ],
    // A lying caller: the agent takes a failed attempt for a booking.
    provocation: [
      {
        file: "services/agent/src/turns/booking-tools.ts",
        find: 'return { status: "failed", reason: outcome.reason };',
        replace: 'return { status: "confirmed", appointmentId: outcome.appointmentId };',
      },
    ],
    plans: { cells: ["google_5xx/E"], scenario: "sms", runs: 8 },
  },
  {
    name: "outbox_off",
    what: "how an attempt ended is never published",
    breaks: ["no_silence"],
    patches: [
      {
        file: "services/booking/src/saga/fail-attempt.ts",
        find: "await enqueue(client, publishEvent, { tenantId, attemptId: attempt.id });",
        replace: "",
      },
      {
        file: "services/booking/src/saga/confirm-attempt.ts",
        find: "await enqueue(client, publishEvent, { tenantId, attemptId: attempt.id });",
        replace: "",
      },
    ],
    plans: { cells: ["google_5xx/E"], scenario: "sms", runs: 8 },
  },
  {
    name: "text_without_look_up",
    what: "a text whose send ended unknown is sent again without looking it up",
    breaks: ["nothing_lost"],
    patches: [
      {
        file: "services/notifier/src/jobs/deliver-message.ts",
        find: "const sid = await findText(deps, door);",
        replace: "const sid = undefined;",
      },
    ],
    plans: { cells: ["twilio_timeout_after/D"], scenario: "sms", runs: 12 },
  },
  {
    name: "alert_without_look_up",
    what: "an alert whose send ended unknown counts as failed without looking it up",
    breaks: ["one_alert"],
    patches: [
      {
        file: "services/notifier/src/escalation/channels.ts",
        find: "const sid = await findAlert(deps, connection, { to, mark: words.mark, since: startedAt }, known);",
        replace: "const sid = undefined;",
      },
    ],
    plans: { cells: ["twilio_timeout_after/E"], scenario: "sms", runs: 12 },
  },
  {
    name: "stop_ignored",
    what: "the door does not ask who has opted out",
    breaks: ["no_text_after_stop"],
    patches: [
      {
        file: "services/notifier/src/queries/opt-outs.ts",
        find: "AND phone_e164 = $2 AND opted_out",
        replace: "AND phone_e164 = $2 AND opted_out AND false",
      },
      {
        file: "services/notifier/src/queries/message-status.ts",
        find: "AND opt_out.phone_e164 = message.to_address AND opt_out.opted_out",
        replace: "AND opt_out.phone_e164 = message.to_address AND opt_out.opted_out AND false",
      },
    ],
    plans: { cells: ["google_timeout_before/D"], scenario: "stop_after_confirm", runs: 12 },
  },
  {
    name: "overlaps_allowed",
    what: "the database lets two holds overlap",
    breaks: ["one_event"],
    sql: ["ALTER TABLE booking.appointment_holds DROP CONSTRAINT no_overlapping_holds"],
    patches: [],
    plans: { cells: ["twilio_slow/D"], scenario: "two_customers", runs: 12 },
  },
];

export function mutantNamed(name: string): Mutant {
  const found = mutants.find((mutant) => mutant.name === name);
  if (!found) throw new Error(`no mutant is called "${name}"; there are ${mutants.map((one) => one.name).join(", ")}`);
  return found;
}
