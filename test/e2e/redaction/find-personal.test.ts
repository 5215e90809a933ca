import { describe, expect, test } from "@jest/globals";
import { createPersonalFinder, findBadMask, type Personal } from "./find-personal.ts";
import { personal } from "./people.ts";

const code: Personal = { what: "code", kind: "code", value: "4821" };
const found = (text: string) => createPersonalFinder([...personal, code])(text).map(({ what }) => what);

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** How a value may be written where it must not be. */
const writings: Record<string, (value: string) => string> = {
  "in a sentence": (value) => `an error about ${value}, again`,
  "in JSON in JSON": (value) => JSON.stringify(JSON.stringify({ a: value })),
  "in a URL": (value) => `GET /find/${encodeURIComponent(value)}?x=1`,
  "in a URL in a URL": (value) => encodeURIComponent(encodeURIComponent(value)),
  "in a form": (value) => new URLSearchParams({ value }).toString(),
  "in JSON's escapes": (value) =>
    value.replace(/./g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "in base64": base64,
  "in base64, one byte on": (value) => base64(`.${value}`),
  "in base64, two bytes on": (value) => base64(`..${value}`),
  "in base64 of a URL": (value) => Buffer.from(`{"v":"${value}"}`).toString("base64url"),
  "in hex": (value) => Buffer.from(value).toString("hex"),
  "in capitals": (value) => value.toUpperCase(),
  "in small letters": (value) => value.toLowerCase(),
};

describe.each(Object.entries(writings))("a value %s", (how, write) => {
  const isSecret = how === "in capitals" || how === "in small letters";
  const values = personal.filter(({ kind, what }) => what !== "accessToken" && !(kind === "secret" && isSecret));
  test.each(values.map(({ what, value }) => [what, value]))("is found: %s", (what, value) => {
    expect(found(write(value))).toContain(what);
  });
});

test.each([
  "5558642047",
  "15558642047",
  "+1 555 864 2047",
  "(555) 864-2047",
  "1-555-864-2047",
  "555.864.2047",
  "%2B15558642047",
  "864-2047",
  "call 8642047 back",
])("a phone number is found as %s", (written) => {
  expect(found(written)).toContain("booked");
});

test("parts that tell enough are found", () => {
  expect(found("for Mr QUELLWORTH")).toEqual(expect.arrayContaining(["name", "email"]));
  expect(found("near Vermilion street")).toContain("address");
  expect(found('{"token":"demo-twilio-token-0…"}')).toContain("twilioToken");
});

test.each(["code 4821", '{"otp":"4821"}', '{"providedOTP":4821}', "code=4821", "otp%3D4821", '["4821"]'])(
  "a code is found in %s",
  (text) => {
    expect(found(text)).toContain("code");
  },
);

test.each([
  "***4821",
  "2026-11-21T16:58:02.4821Z",
  "127.0.0.1:4821",
  "again in 4821 ms",
  "a-4821-b",
  "48210",
  "otp:4821ab-1",
])("what only looks like a code is none: %s", (text) => {
  expect(found(text)).toEqual([]);
});

test("what a log line may have is not found", () => {
  const line = {
    ...{ service: "agent", cid: "4b1d7c76-0a64-8e9c-aa26-d524c24af740", traceId: "fcb8da622591d16abbbc0cc586328030" },
    msg: "[CID:4b1d7c76] [SMS_RECEIVED] phone=***2047 to=*** messageSid=SM41467dfbfbcb816782c221b2f188584f",
  };
  expect(found(JSON.stringify(line))).toEqual([]);
  expect(findBadMask(JSON.stringify(line))).toEqual([]);
});

test.each(["***42047", "***worth"])("%s masks too little", (text) => {
  expect(findBadMask(`phone=${text}`)).toHaveLength(1);
});
