import { afterEach, expect, test } from "@jest/globals";
import { z } from "zod";
import { startTwilioSimulator, type TwilioSimulator } from "../../twilio/start-twilio-simulator.ts";

const sid = "AC00000000000000000000000000000001";
const number = "+15550100001";
const numbersSchema = z.object({ incoming_phone_numbers: z.array(z.looseObject({})) });
let twilio: TwilioSimulator;
afterEach(() => twilio.close());

const ask = (path: string, token = "token") =>
  fetch(`${twilio.url}/2010-04-01/${path}`, {
    headers: { authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString("base64")}` },
  });

test("an account shows its state and kind to its own token alone", async () => {
  twilio = await startTwilioSimulator({
    accounts: [{ sid, authToken: "token", phoneNumbers: [number], status: "suspended", type: "Trial" }],
  });
  expect(await (await ask(`Accounts/${sid}.json`)).json()).toMatchObject({ sid, status: "suspended", type: "Trial" });
  const refused = await ask(`Accounts/${sid}.json`, "wrong");
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ code: 20003, status: 401 });
});

test("a number shows where its texts go, and one that is not the account's is not listed", async () => {
  const smsApplicationSid = "AP00000000000000000000000000000001";
  twilio = await startTwilioSimulator({
    webhookUrl: "https://book.example.com/api/twilio/sms",
    accounts: [
      {
        ...{ sid, authToken: "token", phoneNumbers: [number, "+15550100002"] },
        numberSettings: { "+15550100002": { smsUrl: "", smsMethod: "GET", smsApplicationSid, canCall: false } },
      },
    ],
  });
  const list = async (asked: string) => {
    const answer = await ask(`Accounts/${sid}/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(asked)}`);
    return numbersSchema.parse(await answer.json()).incoming_phone_numbers;
  };
  expect(await list(number)).toMatchObject([
    {
      ...{ phone_number: number, sms_url: "https://book.example.com/api/twilio/sms", sms_method: "POST" },
      ...{ sms_application_sid: "", capabilities: { sms: true, voice: true } },
    },
  ]);
  expect(await list("+15550100002")).toMatchObject([
    {
      sms_url: "",
      sms_method: "GET",
      sms_application_sid: smsApplicationSid,
      capabilities: { sms: true, voice: false },
    },
  ]);
  expect(await list("+15550100003")).toEqual([]);
});

test("its Date header tells another time when it is told to", async () => {
  twilio = await startTwilioSimulator({ accounts: [{ sid, authToken: "token" }] });
  const aheadMs = async () => Date.parse((await ask(`Accounts/${sid}.json`)).headers.get("date") ?? "") - Date.now();
  expect(Math.abs(await aheadMs())).toBeLessThan(30_000);
  twilio.setClockOffset(600_000);
  expect(await aheadMs()).toBeGreaterThan(570_000);
  const set = { method: "POST", headers: { "content-type": "application/json" }, body: '{"offsetMs":-600000}' };
  expect((await fetch(`${twilio.url}/_sim/clock`, set)).status).toBe(204);
  expect(await aheadMs()).toBeLessThan(-570_000);
});
