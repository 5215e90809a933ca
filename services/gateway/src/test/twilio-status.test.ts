import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clinic, plumber, postSigned, startGateway, type TestGateway } from "./start-gateway.ts";

const path = "/api/twilio/status";
const messageSid = `SM${"1".repeat(32)}`;
const form = {
  MessageSid: messageSid,
  MessageStatus: "undelivered",
  ErrorCode: "30003",
  From: "+15550100001",
  To: "+1555",
};
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

test("a delivery status goes to the notifier as the sender's", async () => {
  gateway.world.deliveries.length = 0;
  expect((await postSigned(gateway, path, form)).status).toBe(204);
  expect(gateway.world.deliveries).toEqual([
    { tenantId: clinic.tenantId, messageSid, messageStatus: "undelivered", errorCode: 30003 },
  ]);
});

test("a status whose sender is no number of ours is the tenant's whose account signed it", async () => {
  gateway.world.deliveries.length = 0;
  const unnamed = { MessageSid: messageSid, MessageStatus: "sent", AccountSid: "AC2" };
  const authToken = plumber.twilio?.authToken ?? "";
  expect((await postSigned(gateway, path, unnamed, { authToken })).status).toBe(204);
  expect(gateway.world.deliveries).toEqual([
    { tenantId: plumber.tenantId, messageSid, messageStatus: "sent", errorCode: 0 },
  ]);
});

test("a status that is unsigned, incomplete or of a stranger changes nothing", async () => {
  gateway.world.deliveries.length = 0;
  expect((await postSigned(gateway, path, form, { signature: undefined })).status).toBe(403);
  expect((await postSigned(gateway, path, { ...form, MessageStatus: "" })).status).toBe(400);
  expect((await postSigned(gateway, path, { ...form, From: "+15559999999", AccountSid: "AC9" })).status).toBe(404);
  expect(gateway.world.deliveries).toEqual([]);
});
