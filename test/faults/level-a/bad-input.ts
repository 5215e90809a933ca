import { deterministicUuid } from "@bookproof/postgres";
import { createVapiCaller } from "@bookproof/simulators";
import type { Story } from "./story.ts";

/** Requests that must be refused with 4xx and leave nothing behind. */
export async function badInput(story: Story): Promise<void> {
  const { world, tenant } = story;
  const { smsUrl, gatewayUrl } = world;
  const [customer] = tenant.customers;
  const good = { MessageSid: `SM${"0".repeat(32)}`, From: customer, To: tenant.business, Body: "hello" };
  const post = (url: string, body: string, headers: Record<string, string>) =>
    fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(10_000) });
  const asForm = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "forged" };
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  const asJson = { "content-type": "application/json", authorization: `Bearer ${tenant.vapiSecret}` };
  const toolUrl = `${gatewayUrl}/api/vapi/tools/booking/verify-otp`;
  const requests: Record<string, () => Promise<Response>> = {
    "a forged signature": () => post(smsUrl, form(good), asForm),
    "an unknown number": () => post(smsUrl, form({ ...good, To: "+15559999999" }), asForm),
    "a webhook without its fields": () => post(smsUrl, form({ Body: "x" }), asForm),
    "a huge body": () => post(smsUrl, form({ ...good, Body: "x".repeat(2_000_000) }), asForm),
    "a wrong content type": () => post(smsUrl, "{}", { "content-type": "text/xml" }),
    "JSON that is none": () => post(toolUrl, "{", asJson),
    "a tool without its arguments": () => post(toolUrl, '{"toolCall":{"arguments":[]}}', asJson),
    "a wrong Vapi secret": () => post(toolUrl, "{}", { ...asJson, authorization: "Bearer nobody" }),
  };
  for (const [what, request] of Object.entries(requests)) {
    // Who is refused while still sending may find the connection closed before the answer.
    const { status } = await request().catch((error: unknown) => {
      if (what === "a huge body") return { status: 413 };
      throw error;
    });
    if (status < 400 || status >= 500) story.violation(`bad input: ${what} was answered ${status}`);
  }
  await strangersHold(story, customer);
  const stored = await world.database.query("SELECT message_sid FROM agent.inbound_messages WHERE tenant_id = $1", [
    tenant.id,
  ]);
  if (stored.rowCount) story.violation("bad input: a refused text was stored");
  story.note("bad_input/A");
}

/** A hold of another tenant's cannot be confirmed, and nothing of it is told. */
async function strangersHold({ world, tenant, violation }: Story, customer: string): Promise<void> {
  const caller = createVapiCaller({
    baseUrl: world.gatewayUrl,
    credential: { bearer: tenant.vapiSecret },
    dialect: "vapi",
    callerNumber: customer,
    calledNumber: tenant.business,
  });
  const holdId = deterministicUuid("hold of nobody", tenant.id);
  const reply = await caller.tool("verify_otp", { holdId, providedOTP: "1234" });
  if (reply.success) violation("bad input: a stranger's hold was confirmed");
}
