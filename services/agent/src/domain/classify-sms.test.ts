import { expect, test } from "@jest/globals";
import { classifySms } from "./classify-sms.ts";

const sms = (body: string) => ({ from: "+15551230001", to: "+15550100001", body, optOutType: "" });
const classOf = (body: string) => classifySms(sms(body), new Set(["+15559990000"])).kind;

test.each([
  "Loved “Your appointment is all set”",
  "liked “ok”",
  'Laughed at "See you"',
  "Emphasized “two\nlines”",
  "Questioned “Reply CONFIRM to book”",
  "Disliked “x”",
  "Reacted 👍 to “Reply CONFIRM to book”",
  "Removed a heart from “ok”",
])("a reaction is ignored: %s", (body) => expect(classOf(body)).toBe("reaction"));

test.each(["I loved “The Office”", "Liked it, book me tomorrow", "Loved", "Reacted badly to the anaesthetic"])(
  "a message that is no reaction: %s",
  (body) => expect(classOf(body)).toBe("message"),
);

test.each(["STOP", "stop", " Unsubscribe ", "CANCEL", "optout"])("an opt-out word: %s", (body) =>
  expect(classOf(body)).toBe("opt_out"),
);
test.each(["START", "unstop"])("an opt-in word: %s", (body) => expect(classOf(body)).toBe("opt_in"));
test.each(["please stop by", "cancel my appointment", "yes", "", "🙂"])("a message: %s", (body) =>
  expect(classOf(body)).toBe("message"),
);

test("what comes from a blocked number, or from the number it goes to, is blocked", () => {
  expect(classifySms({ ...sms("hi"), from: "+15559990000" }, new Set(["+15559990000"])).kind).toBe("blocked");
  expect(classifySms({ ...sms("hi"), from: "+15550100001" }, new Set()).kind).toBe("blocked");
});
