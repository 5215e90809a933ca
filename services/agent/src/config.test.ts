import { describe, expect, test } from "@jest/globals";
import { readConfig } from "./config.ts";

const database = { DATABASE_URL: "postgres://localhost/bookproof" };

describe("the agent's environment", () => {
  test("keeps traces for 90 days, unless it says for how long", () => {
    expect(readConfig(database).traceRetention).toMatchObject({ days: 90, batchRows: 5_000 });
    expect(readConfig({ ...database, TRACE_RETENTION_DAYS: "" }).traceRetention.days).toBe(90);
    expect(readConfig({ ...database, TRACE_RETENTION_DAYS: "7" }).traceRetention.days).toBe(7);
  });

  test.each(["0", "-1", "1.5", "1e3", "0x10", " 7", "ninety", "100000"])(
    "TRACE_RETENTION_DAYS=%j stops the start with a line that names it",
    (days) => {
      expect(() => readConfig({ ...database, TRACE_RETENTION_DAYS: days })).toThrow(
        "TRACE_RETENTION_DAYS must be a whole number of days, from 1 to 99999",
      );
    },
  );
});
