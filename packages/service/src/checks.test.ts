import { BookproofError } from "@bookproof/errors";
import { expect, test } from "@jest/globals";
import { pino } from "pino";
import { checkClock, checksOf, clockOfAnswer, okCheck } from "./checks.ts";

const now = () => Date.parse("2026-05-04T10:00:00.000Z");
const against = (at: string) =>
  checkClock({ clock: "Twilio's", service: "notifier", now }, async () => ({ at: new Date(at), precisionMs: 500 }));

test.each([
  ["2026-05-04T10:00:05.400Z", "OK", "Less than 5 s apart."],
  ["2026-05-04T10:00:05.600Z", "WARNING", "The clock of notifier is 5.6 s behind Twilio's."],
  ["2026-05-04T09:59:00.000Z", "WARNING", "The clock of notifier is 60.0 s ahead of Twilio's."],
  ["2026-05-04T09:58:59.000Z", "FAILED", "The clock of notifier is 61.0 s ahead of Twilio's."],
])("a clock that reads %s is %s", async (at, status, detail) => {
  expect(await against(at)).toMatchObject({ status: `CHECK_STATUS_${status}`, detail });
});

test("a slow answer is no wrong clock", async () => {
  const times = [now(), now() + 20_000];
  const check = await checkClock(
    { clock: "Twilio's", service: "notifier", now: () => times.shift() ?? 0 },
    async () => ({
      at: new Date(now()),
      precisionMs: 0,
    }),
  );
  expect(check.status).toBe("CHECK_STATUS_OK");
});

test("a Date header is a clock, anything else is none", () => {
  expect(clockOfAnswer("Mon, 04 May 2026 10:00:00 GMT")).toEqual({
    at: new Date("2026-05-04T10:00:00.500Z"),
    precisionMs: 500,
  });
  expect([clockOfAnswer(null), clockOfAnswer("soon")]).toEqual([undefined, undefined]);
});

const logged: string[] = [];
const logger = pino({ base: null, timestamp: false }, { write: (line) => logged.push(line) });
const options = { whatToDo: "Look at it.", withinMs: 50, logger };

test("what a check throws is logged, and told by its reason alone", async () => {
  const thrown = await checksOf("it", options, async () => {
    throw new Error("the token is s3cret");
  });
  expect(thrown).toEqual([
    { name: "it", status: "CHECK_STATUS_FAILED", detail: "Something went wrong on our side.", whatToDo: "Look at it." },
  ]);
  expect(logged.join("")).toContain("[CHECK_FAILED]");
  const [known] = await checksOf("it", options, async () => {
    throw new BookproofError("unavailable", "s3cret");
  });
  expect(known?.detail).toBe("Not available right now, try again shortly.");
});

test("a check that does not end has failed", async () => {
  const [late] = await checksOf("it", options, () => new Promise(() => undefined));
  expect(late?.status).toBe("CHECK_STATUS_FAILED");
  expect(await checksOf("it", options, async () => [okCheck("a", ""), okCheck("b", "")])).toHaveLength(2);
});
