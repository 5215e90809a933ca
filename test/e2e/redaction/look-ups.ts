import assert from "node:assert/strict";
import { clinic } from "../../demo/stage.ts";
import { person, phones } from "./people.ts";
import { bearer } from "./requests.ts";
import type { World } from "./world.ts";

/** Asks for what is stored of people, and is answered, by every route that answers so. @returns a token that was issued for it */
export async function lookUpEverything({ stage }: World): Promise<string> {
  const ask = async (path: string, body?: object, token = stage.adminToken): Promise<string> => {
    const answer = await fetch(stage.gatewayUrl + path, {
      method: body ? "POST" : "GET",
      headers: { ...bearer(token), "content-type": "application/json" },
      body: body ? JSON.stringify(body) : null,
    });
    assert(answer.ok, `${path} was answered ${answer.status}`);
    return answer.text();
  };
  const { token } = JSON.parse(await ask("/api/admin/tokens", { role: "tenant_admin", tenantId: clinic.tenantId }));
  assert.match(await ask("/api/admin/tenants", undefined, token), new RegExp(clinic.owner.slice(1)));
  const customer = new RegExp(phones.booked.slice(1));
  const found = await ask(`/api/debug/sms-flow?phone=${encodeURIComponent(phones.booked)}`);
  assert.match(found, customer);
  const { cid } = JSON.parse(found).traces[0];
  assert.match(await ask(`/api/debug/sms-flow/${cid}`), customer);
  await ask("/api/conversations/resolve", { cid });
  await ask(`/api/admin/tenants/${clinic.tenantId}/assistant`);
  const doctor = `/api/admin/tenants/${clinic.tenantId}/doctor`;
  const { testAlertId } = JSON.parse(await ask(doctor, {}));
  assert.match(await ask(`${doctor}/${testAlertId}`), /test alert/);
  await ask("/sandbox/api/texts", { from: phones.inTheSandbox, to: clinic.phone, body: person.body });
  assert.match(await ask("/sandbox/api/tenants"), new RegExp(clinic.owner.slice(1)));
  assert.match(
    await ask(`/sandbox/api/messages?numbers=${phones.inTheSandbox.slice(1)}`),
    new RegExp(phones.inTheSandbox.slice(1)),
  );
  return token;
}
