import { expect, test } from "@jest/globals";
import { type Compared, driftOf } from "./drift.ts";

const hour = 3_600_000;
const row = { start: 10 * hour, end: 11 * hour };
const event = { live: true, declined: false, isOurs: true, ...row };

test.each<[string, Compared["event"], object]>([
  ["as the row has it", event, { kind: "none" }],
  ["absent", undefined, { kind: "deleted" }],
  ["deleted", { ...event, live: false, start: undefined, end: undefined }, { kind: "deleted" }],
  ["without our mark", { ...event, isOurs: false }, { kind: "deleted" }],
  ["declined", { ...event, declined: true }, { kind: "declined" }],
  ["later", { ...event, start: 12 * hour, end: 13 * hour }, { kind: "moved", start: 12 * hour, end: 13 * hour }],
  ["longer", { ...event, end: 12 * hour }, { kind: "moved", start: 10 * hour, end: 12 * hour }],
  ["made to last for days", { ...event, end: 90 * hour }, { kind: "deleted" }],
])("an event that is %s", (_title, seen, drift) => expect(driftOf({ row, event: seen })).toEqual(drift));
