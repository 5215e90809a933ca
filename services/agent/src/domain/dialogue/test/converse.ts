import { expect } from "@jest/globals";
import { initialDialogueState, readDialogueState } from "../dialogue-state.ts";
import type { OfferingProfile, TenantProfile, TurnResult } from "../dialogue-types.ts";
import { takeTurn } from "../take-turn.ts";
import { LONGEST_TEXT, texts } from "../words-en.ts";
import { inMemoryCalendar } from "./in-memory-calendar.ts";

const CONSULTATION: OfferingProfile = {
  id: "consultation",
  name: "Consultation",
  aliases: ["checkup", "consult"],
  durationMinutes: 30,
  needsAddress: false,
  priceHint: "from $50",
};
const WHITENING: OfferingProfile = {
  id: "whitening",
  name: "Teeth Whitening",
  aliases: [],
  durationMinutes: 60,
  needsAddress: false,
  priceHint: "",
};
const DAY = [{ from: "09:00", to: "17:00" }];

export const CLINIC: TenantProfile = {
  name: "Smile Dental",
  timeZone: "America/New_York",
  phoneNumber: "+15550100001",
  horizonDays: 60,
  offerings: [CONSULTATION, WHITENING],
  workingHours: {
    mon: [
      { from: "09:00", to: "12:00" },
      { from: "13:00", to: "17:00" },
    ],
    tue: DAY,
    wed: DAY,
    thu: DAY,
    fri: [{ from: "09:00", to: "15:00" }],
  },
};

export const PLUMBER: TenantProfile = {
  ...CLINIC,
  name: "Ace Plumbing",
  offerings: [
    {
      id: "repair",
      name: "Leak Repair",
      aliases: ["leak", "fix a leak"],
      durationMinutes: 60,
      needsAddress: true,
      priceHint: "$120 per hour",
    },
  ],
};

export type Line =
  | { says: string | string[]; hears: string | RegExp; media?: boolean }
  | { says: string | string[] | ((world: World) => string[]); answers: (turn: TurnResult) => void; media?: boolean }
  | { do: (world: World) => void };

type World = ReturnType<typeof newWorld>;

/** Monday 11 January 2027, 10 in the morning in New York. */
export function newWorld(tenant: TenantProfile) {
  const clock = { now: new Date("2027-01-11T10:00:00-05:00") };
  const calendar = inMemoryCalendar(tenant, clock);
  return {
    tenant,
    clock,
    calendar,
    state: initialDialogueState(),
    minutesPass: (minutes: number) => {
      clock.now = new Date(clock.now.getTime() + minutes * 60_000);
    },
  };
}

/** Plays a conversation and checks each reply, and what every text must keep to. */
export async function converse(tenant: TenantProfile, lines: Line[]): Promise<World> {
  const world = newWorld(tenant);
  for (const line of lines) {
    if ("do" in line) {
      line.do(world);
      continue;
    }
    const says = typeof line.says === "function" ? line.says(world) : line.says;
    const said = typeof says === "string" ? [says] : says;
    const { clock, calendar, state } = world;
    const media = line.media ?? false;
    const result = await takeTurn({ tenant, state, texts: said, media, now: clock.now, tools: calendar.tools });
    if (result.reply.kind === "text") keepsToTheRules(result.reply.text);
    if ("answers" in line) line.answers(result);
    else if (line.hears instanceof RegExp) expect(heard(result)).toMatch(line.hears);
    else expect(heard(result)).toContain(line.hears);
    // What is stored as JSON must come back as it was.
    const stored = readDialogueState(JSON.parse(JSON.stringify(result.state)));
    expect(stored).toEqual(result.state);
    world.state = stored;
  }
  return world;
}

export function heard({ reply }: TurnResult): string {
  return reply.kind === "text" ? reply.text : `<${reply.kind}>`;
}

function keepsToTheRules(text: string): void {
  expect(text.length).toBeLessThanOrEqual(LONGEST_TEXT);
  expect(text).not.toMatch(/\bbooked\b|\bscheduled\b|\bconfirmed\b|\ball set\b|reply (?:yes|cancel)/i);
  if (text !== texts.finalizing())
    expect(text.replace(/^Name: .*$/m, "").replace(/^Thanks, .*$/m, "")).toMatch(/^[ -~\n]*$/);
}
