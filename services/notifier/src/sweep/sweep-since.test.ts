import { expect, test } from "@jest/globals";
import { sweepSince } from "./sweep-since.ts";

const times = { windowMs: 15 * 60_000, longestMs: 24 * 60 * 60_000 };
const now = new Date("2030-01-15T12:00:00Z");
const since = (sweptAt: string | undefined) =>
  sweepSince({ sweptAt: sweptAt === undefined ? undefined : new Date(sweptAt), now }, times).toISOString();

test("looks a window back the first time: what was texted before is not ours to answer", () => {
  expect(since(undefined)).toBe("2030-01-15T11:45:00.000Z");
});

test("looks back to the last completed sweep and a window behind it", () => {
  expect(since("2030-01-15T11:59:00Z")).toBe("2030-01-15T11:44:00.000Z");
  expect(since("2030-01-15T02:00:00Z")).toBe("2030-01-15T01:45:00.000Z");
});

test("looks back a day at most, and a clock that was ahead leaves no gap", () => {
  expect(since("2030-01-01T00:00:00Z")).toBe("2030-01-14T12:00:00.000Z");
  expect(since("2030-01-15T13:00:00Z")).toBe("2030-01-15T11:45:00.000Z");
});
