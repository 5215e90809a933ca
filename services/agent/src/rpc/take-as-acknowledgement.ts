import { enqueue, type Queryable } from "@bookproof/postgres";
import { type ReceiveSmsResponse, SmsDisposition } from "@bookproof/proto/agent";
import { currentTraceparent, runWithCid } from "@bookproof/telemetry";
import type { Deps } from "../deps.ts";
import type { SmsClass } from "../domain/classify-sms.ts";
import { sendReply } from "../jobs/definitions.ts";
import { insertInboundMessage } from "../queries/inbound-messages.ts";
import { acknowledgeTestAlerts } from "../queries/test-alerts.ts";

const thanks = "Thank you. Bookproof knows now that its alerts reach you.";

/**
 * The owner's reply to a test alert: acknowledged, stored, traced under the alert's cid and thanked for; no customer's turn follows.
 * STOP, START and what comes from a blocked number stay what they are.
 * @returns undefined where no test alert waits for this phone
 */
export async function takeAsAcknowledgement(
  deps: Deps,
  client: Queryable,
  sms: {
    tenantId: string;
    messageSid: string;
    from: string;
    to: string;
    body: string;
    numMedia: number;
    sentAt?: Date | undefined;
  },
  { kind }: SmsClass,
): Promise<ReceiveSmsResponse | undefined> {
  if (kind !== "message" && kind !== "reaction") return undefined;
  const { tenantId, messageSid, from, to, body, numMedia, sentAt } = sms;
  const cid = await acknowledgeTestAlerts(client, { tenantId, phone: from, messageSid, sentAt });
  if (!cid) return undefined;
  const stored = await insertInboundMessage(client, {
    ...{ tenantId, messageSid, from, to, body, numMedia, sentAt, cid },
    conversationId: null,
    disposition: "test_alert_acknowledged",
    traceparent: currentTraceparent(),
  });
  const place = { conversationId: "", cid };
  if (!stored) return { ...place, disposition: SmsDisposition.SMS_DISPOSITION_DUPLICATE };
  const reason = "test_alert_acknowledged";
  const payload = { messageSid, bodyLength: body.length, numMedia };
  await deps.traceSmsFlow({ tenantId, cid, from, to, direction: "inbound", stage: "SKIP", reason, payload }, client);
  const reply = { ...place, tenantId, to: from, from: to, key: `reply:${messageSid}` };
  await runWithCid(cid, () => enqueue(client, sendReply, { ...reply, content: { kind: "text", text: thanks } }));
  return { ...place, disposition: SmsDisposition.SMS_DISPOSITION_TEST_ALERT_ACKNOWLEDGED };
}
