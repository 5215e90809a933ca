import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { type FlowView, flowLines } from "./flow-lines.ts";
import type { Conversation, Step } from "./journey-outcome.ts";

const start = Date.parse("2026-05-04T10:00:00.125Z");
/** A step so many milliseconds after the start. */
const step = (after: number, service: string, stage: string, more: Partial<Step> = {}): Step => ({
  ...{ cid: "c-1", service, stage, reason: "", payload: {}, direction: "internal" },
  createdAt: new Date(start + after).toISOString(),
  ...more,
});
const view: FlowView = { width: undefined, colours: false, timeZone: "Europe/Berlin", now: new Date(start + 60_000) };
const show = (traces: Step[], conversations: Conversation[] = [], more: Partial<FlowView> = {}) =>
  flowLines({ traces, conversations }, { ...view, ...more });
const outcomes = (traces: Step[], conversations: Conversation[] = [], more: Partial<FlowView> = {}) =>
  show(traces, conversations, more).filter((line) => line.startsWith("  outcome"));

const failed = [
  step(0, "agent", "INBOUND", { payload: { bodyLength: 7, numMedia: 0 } }),
  step(35, "agent", "TOOL", { reason: "confirm: called", payload: { tool: "confirm" } }),
  step(60, "booking", "CONFIRM", { reason: "received" }),
  step(3_160, "booking", "FAILED", {
    reason: "calendar_failed_after_confirm",
    payload: { cause: "calendar_refused", error: null },
  }),
  step(3_180, "agent", "TOOL", { reason: "confirm: answered", payload: { tool: "confirm", ok: true } }),
  step(3_220, "notifier", "NEEDS_HUMAN", { reason: "calendar_failed_after_confirm" }),
];
const booked = [
  step(0, "agent", "INBOUND"),
  step(10, "booking", "CONFIRM"),
  step(900, "booking", "BOOKED"),
  step(1_200, "notifier", "OUTBOUND", { direction: "outbound" }),
];

describe("a journey", () => {
  test("reads as a table: day, time, wait, service, stage, what; its failures marked, and its end", () => {
    const conversation = { cid: "c-1", stage: "NEEDS_HUMAN", stageReason: "", lastToolOk: true, needsHuman: true };
    expect(show(failed, [conversation])).toEqual([
      "journey c-1",
      "  Mon 4 May 2026 (GMT+02:00)",
      "  12:00:00.125                agent     INBOUND      bodyLength=7 numMedia=0",
      "  12:00:00.160        +35 ms  agent     TOOL         confirm: called  tool=confirm",
      "  12:00:00.185        +25 ms  booking   CONFIRM      received",
      "✗ 12:00:03.285       +3.10 s  booking   FAILED       calendar_failed_after_confirm  cause=calendar_refused",
      "  12:00:03.305        +20 ms  agent     TOOL         confirm: answered  tool=confirm ok=true",
      "✗ 12:00:03.345        +40 ms  notifier  NEEDS_HUMAN  calendar_failed_after_confirm",
      "  outcome  needs a human: calendar_failed_after_confirm · 3.22 s in 6 steps · failing stage: FAILED in booking after CONFIRM (calendar_failed_after_confirm)",
      "  conversation  stage=NEEDS_HUMAN lastToolOk=true needsHuman=true",
    ]);
  });

  test("is told oldest first, whatever order its steps came in, and every day has its heading", () => {
    const days = [step(13 * 3_600_000, "agent", "INBOUND"), step(0, "agent", "INBOUND")];
    expect(show(days).slice(1, -1)).toEqual([
      "  Mon 4 May 2026 (GMT+02:00)",
      "  12:00:00.125                agent  INBOUND",
      "  Tue 5 May 2026 (GMT+02:00)",
      "  01:00:00.125  +13 h 00 min  agent  INBOUND",
    ]);
  });

  test("stands apart from the customer's others, in the same columns, its steps together", () => {
    const other = step(5, "notifier", "CLAIM_BLOCKED", { cid: "c-2", reason: "not_booked" });
    const elsewhere = { cid: "c-9", stage: "AGENT" };
    expect(show([step(0, "agent", "INBOUND"), other, step(9, "agent", "AGENT")], [elsewhere])).toEqual([
      "journey c-1",
      "  Mon 4 May 2026 (GMT+02:00)",
      "  12:00:00.125                agent     INBOUND",
      "  12:00:00.134         +9 ms  agent     AGENT",
      "  outcome  still under way · 9 ms in 2 steps",
      "",
      "journey c-2",
      "  Mon 4 May 2026 (GMT+02:00)",
      "! 12:00:00.130                notifier  CLAIM_BLOCKED  not_booked",
      "  outcome  still under way · 0 ms in 1 step · failed on the way: CLAIM_BLOCKED in notifier (not_booked)",
      "",
      "  conversation  cid=c-9 stage=AGENT",
    ]);
  });

  test("shows what it cannot print as what it is", () => {
    const said = { reason: "hang\u001b[31mup", payload: { says: 'a "b"\n\u009b1m\u202e' } };
    const lines = show([step(0, "agent\u0007", "CALL_ENDED", said)]);
    expect(lines[2]).toMatch(
      /agent\\u\{7\} {2}CALL_ENDED {2}hang\\u\{1b\}\[31mup {2}says="a \\"b\\"\\n\\u\{9b\}1m\\u\{202e\}"$/,
    );
  });
});

describe("its outcome", () => {
  test.each<[string, Step[], Conversation[]]>([
    ["booked · 1.20 s in 4 steps", booked, []],
    ["booked · 1.20 s in 4 steps", booked, [{ cid: "c-1", stage: "CONFIRM", needsHuman: false }]],
    [
      "booked, but needs a human: customer_unreachable · 1.50 s in 6 steps · failing stage: FAILED in notifier after CONFIRM (undelivered)",
      [
        ...booked,
        step(1_400, "notifier", "FAILED", { direction: "outbound", reason: "undelivered" }),
        step(1_500, "notifier", "NEEDS_HUMAN", { reason: "customer_unreachable" }),
      ],
      [],
    ],
    [
      "booked · 1.30 s in 5 steps · failed on the way: TOOL in agent after INBOUND (search: failed, calendar_unreadable)",
      [
        ...booked.slice(0, 1),
        step(5, "agent", "TOOL", {
          reason: "search: failed",
          payload: { tool: "search", ok: false, error: "calendar_unreadable" },
        }),
        ...booked.slice(1, 3),
        step(1_300, "notifier", "OUTBOUND"),
      ],
      [],
    ],
    [
      "settled by a human: calendar_failed_after_confirm · 3.22 s in 6 steps · failed on the way: FAILED in booking after CONFIRM (calendar_failed_after_confirm)",
      failed,
      [{ cid: "c-1", stage: "NEEDS_HUMAN", needsHuman: false }],
    ],
    [
      "failed: unavailable · 10 ms in 2 steps · failing stage: FAILED in agent after INBOUND (unavailable)",
      [step(0, "agent", "INBOUND"), step(10, "agent", "FAILED", { reason: "unavailable" })],
      [],
    ],
    [
      "still under way · 20 ms in 3 steps · failed on the way: FAILED in agent after INBOUND (unavailable)",
      [
        step(0, "agent", "INBOUND"),
        step(10, "agent", "FAILED", { reason: "unavailable" }),
        step(20, "agent", "AGENT", { reason: "turn started" }),
      ],
      [],
    ],
    [
      "needs a human: claim_blocked · 9 ms in 3 steps · failing stage: CLAIM_BLOCKED in agent after AGENT (said_in_call_without_proof)",
      [
        step(0, "agent", "AGENT"),
        step(8, "agent", "CLAIM_BLOCKED", { reason: "said_in_call_without_proof" }),
        step(9, "notifier", "NEEDS_HUMAN", { reason: "claim_blocked" }),
      ],
      [],
    ],
    [
      "ended without a booking · 5 ms in 2 steps",
      [step(0, "agent", "TOOL"), step(5, "agent", "CALL_ENDED", { reason: "customer-ended-call" })],
      [],
    ],
    ["left alone: reaction · 0 ms in 1 step", [step(0, "agent", "SKIP", { reason: "reaction" })], []],
  ])("is told in words: %s", (words, steps, conversations) => {
    expect(outcomes(steps, conversations)).toEqual([`  outcome  ${words}`]);
  });

  test("is that nothing was booked, once the customer was silent for a day", () => {
    const asked = [step(0, "agent", "INBOUND"), step(9, "agent", "AGENT")];
    const at = (hours: number) => ({ now: new Date(start + hours * 3_600_000) });
    expect(outcomes(asked, [], at(23))).toEqual(["  outcome  still under way · 9 ms in 2 steps"]);
    expect(outcomes(asked, [], at(25))).toEqual(["  outcome  ended without a booking · 9 ms in 2 steps"]);
  });

  test("counts the time in the unit that fits", () => {
    const after = (ms: number) => outcomes([step(0, "agent", "INBOUND"), step(ms, "agent", "AGENT")])[0];
    for (const [ms, words] of [
      [59_999, "59.99 s"],
      [125_000, "2 min 05 s"],
      [3 * 3_600_000 + 240_000, "3 h 04 min"],
      [50 * 3_600_000, "2 d 02 h"],
    ] as const)
      expect(after(ms)).toContain(` · ${words} in 2 steps`);
  });
});

describe("on a terminal", () => {
  const long = step(0, "notifier", "NEEDS_HUMAN", {
    reason: "calendar_failed_after_confirm",
    payload: { escalationId: "0f5f1ccb-2bbe-8dca-934c-36bf95d04c8e", ref: "DJVJ" },
  });

  test("no line is longer than the screen, and what is said goes on in its own column", () => {
    const lines = show([long], [{ cid: "c-1", stage: "NEEDS_HUMAN", needsHuman: true }], { width: 110 });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(110);
    const column = " ".repeat((lines[2] ?? "").indexOf("calendar_failed"));
    expect(lines.slice(2, 5)).toEqual([
      "✗ 12:00:00.125                notifier  NEEDS_HUMAN  calendar_failed_after_confirm",
      `${column}escalationId=0f5f1ccb-2bbe-8dca-934c-36bf95d04c8e`,
      `${column}ref=DJVJ`,
    ]);
  });

  test("what follows on the same line keeps its distance", () => {
    const answered = step(0, "agent", "AGENT", {
      reason: "turn answered",
      payload: { step: "idle", address: "unset" },
    });
    expect(show([answered], [], { width: 70 }).slice(2, 4)).toEqual([
      "  12:00:00.125                agent  AGENT  turn answered  step=idle",
      `${" ".repeat(44)}address=unset`,
    ]);
  });

  test("what is too long for that column stands further left in one piece, and is cut where it is longer than the screen", () => {
    const note = "x".repeat(90);
    const lines = show([{ ...long, payload: { ...long.payload, note } }], [], { width: 70 });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(70);
    expect(lines.slice(2, 6)).toEqual([
      "✗ 12:00:00.125                notifier  NEEDS_HUMAN",
      "      calendar_failed_after_confirm",
      "      escalationId=0f5f1ccb-2bbe-8dca-934c-36bf95d04c8e ref=DJVJ",
      `      note=${"x".repeat(59)}`,
    ]);
    expect(lines[6]).toBe(`      ${"x".repeat(31)}`);
  });

  test("with colours failures are red, claims yellow and bookings green, and the text is the same", () => {
    const steps = [...failed, step(4_000, "notifier", "CLAIM_BLOCKED"), step(5_000, "booking", "BOOKED")];
    const coloured = show(steps, [], { colours: true });
    expect(coloured.map(stripVTControlCharacters)).toEqual(show(steps));
    const lineWith = (text: string) => coloured.find((line) => line.includes(text)) ?? "";
    expect(lineWith("calendar_refused").startsWith("\u001b[31m✗")).toBe(true);
    expect(lineWith("CLAIM_BLOCKED").startsWith("\u001b[33m!")).toBe(true);
    expect(lineWith("BOOKED\u001b")).toContain("\u001b[32mBOOKED");
    expect(show(steps).join("")).not.toContain("\u001b");
  });
});
