import { randomUUID } from "node:crypto";
import { withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { SendTestAlertRequest, SendTestAlertResponse } from "@bookproof/proto/notifier";
import { parseRequest } from "@bookproof/service";
import { runWithCid } from "@bookproof/telemetry";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { checkAccount } from "../diagnosis/check-twilio.ts";
import { escalationRef } from "../domain/escalation-identity.ts";
import { testAlertKey, testAlertText } from "../domain/test-alert.ts";
import { awaitAcceptance } from "../door/await-acceptance.ts";
import { enqueueMessage } from "../door/enqueue-message.ts";
import { ownerChannels } from "../escalation/channels.ts";
import { tenantId } from "./fields.ts";

const schema = z.object({ tenantId });

/**
 * Sends the owner a test, by the first of the channels that a real alert would take. Nothing is left waiting where it cannot be sent
 * now: a test that comes an hour later tells nobody anything.
 */
export const sendTestAlert =
  (deps: Deps) =>
  async (request: SendTestAlertRequest): Promise<SendTestAlertResponse> => {
    const { tenantId: tenant } = parseRequest(schema, request);
    const connection = await deps.connections.getFresh(tenant);
    const testAlertId = randomUUID();
    const phone = ownerChannels(deps, connection, testAlertId).find(({ kind }) => kind === "sms")?.to;
    if (!phone) return notSent("The owner has no phone that may be texted.");
    const account = await checkAccount(deps, connection);
    if (account.status === "CHECK_STATUS_FAILED") return notSent(account.detail);
    await runWithCid(testAlertId, () => send(deps, { connection, testAlertId, phone }));
    return { testAlertId, notSentBecause: "" };
  };

const notSent = (notSentBecause: string): SendTestAlertResponse => ({ testAlertId: "", notSentBecause });

async function send(
  deps: Deps,
  { connection, testAlertId, phone }: { connection: TenantConnection; testAlertId: string; phone: string },
): Promise<void> {
  const { tenantId: tenant, name } = connection;
  // First, since the reply may be quick.
  await deps.agent.openTestAlert({ tenantId: tenant, testAlertId, phone });
  const message = {
    key: testAlertKey(testAlertId),
    cid: testAlertId,
    to: phone,
    kind: "test_alert" as const,
    recipient: "owner" as const,
    body: testAlertText(name, escalationRef(tenant, testAlertId)),
  };
  const { id } = await withTenant(deps.pool, tenant, (client) => enqueueMessage(client, tenant, message));
  await awaitAcceptance(deps, tenant, id);
}
