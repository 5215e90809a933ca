import { expect, test } from "@jest/globals";
import { judgeWebhook } from "./number-webhook.ts";

const expected = "https://book.example.com/api/twilio/sms";
const number = { smsUrl: expected, smsMethod: "POST", smsApplicationSid: "", canText: true, canCall: true };

test("a number whose texts come to us is good", () => {
  expect(judgeWebhook(number, expected).status).toBe("ok");
});

test.each([
  [{ smsUrl: "" }, "It has no webhook for texts."],
  [{ smsUrl: "https://u:p@else.example.com/sms?token=t" }, "Its webhook for texts is https://else.example.com/sms."],
  [{ smsMethod: "GET" }, "Its webhook is called by GET."],
  [{ smsApplicationSid: "AP1" }, "Its texts go to the TwiML application AP1, whose address is not looked at."],
])("with %j it is told what to set, and no secret of the address", (wrong, detail) => {
  const finding = judgeWebhook({ ...number, ...wrong }, expected);
  expect(finding).toMatchObject({ status: "warning", detail });
  expect(finding.whatToDo).toContain(`Webhook, ${expected}, HTTP POST`);
});

test("a number without SMS is no number for this", () => {
  expect(judgeWebhook({ ...number, canText: false }, expected).status).toBe("failed");
});
