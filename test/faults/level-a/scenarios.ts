import { setTimeout as sleep } from "node:timers/promises";
import { badInput } from "./bad-input.ts";
import type { ScenarioName } from "./plan.ts";
import type { Story } from "./story.ts";
import { ask, newSid, nextText, reachSummary, received, text, wish } from "./texting.ts";
import { voice } from "./voice.ts";

type Scenario = (story: Story) => Promise<void>;

async function confirm(story: Story, customer: string): Promise<void> {
  story.confirming();
  await ask(story, customer, "CONFIRM");
}

async function sms(story: Story): Promise<void> {
  const [customer] = story.tenant.customers;
  if (await reachSummary(story, customer, wish(story))) await confirm(story, customer);
}

/** Time passes: the holds of a customer have run out. */
async function expireHolds({ world, tenant }: Story, customer: string): Promise<void> {
  await world.database.query(
    "UPDATE booking.appointment_holds SET expires_at = now() - interval '1 second' WHERE tenant_id = $1 AND patient_phone = $2 AND status = 'held'",
    [tenant.id, customer],
  );
}

async function lateConfirm(story: Story): Promise<void> {
  const [customer] = story.tenant.customers;
  if (!(await reachSummary(story, customer, wish(story)))) return;
  await expireHolds(story, customer);
  await confirm(story, customer);
}

/** The hold ran out, and somebody else has the slot. */
async function lateConfirmLost(story: Story): Promise<void> {
  const [customer, other] = story.tenant.customers;
  if (!(await reachSummary(story, customer, wish(story)))) return;
  await expireHolds(story, customer);
  await reachSummary(story, other, wish(story));
  await confirm(story, customer);
}

async function doubleConfirm(story: Story): Promise<void> {
  const [customer] = story.tenant.customers;
  if (!(await reachSummary(story, customer, wish(story)))) return;
  story.confirming();
  const before = received(story, customer).length;
  if (story.plan.seed % 2) await Promise.all([text(story, customer, "CONFIRM"), text(story, customer, "confirm!")]);
  else {
    await text(story, customer, "CONFIRM");
    await nextText(story, customer, before);
    await text(story, customer, "Confirm.");
  }
  await nextText(story, customer, before);
}

async function stopAfterConfirm(story: Story): Promise<void> {
  const [customer] = story.tenant.customers;
  if (!(await reachSummary(story, customer, wish(story)))) return;
  story.confirming();
  await text(story, customer, "CONFIRM");
  await sleep((story.plan.seed % 5) * 40);
  await text(story, customer, "STOP");
}

async function twoCustomers(story: Story): Promise<void> {
  const ready = await Promise.all(story.tenant.customers.map((customer) => reachSummary(story, customer, wish(story))));
  story.confirming();
  await Promise.all(story.tenant.customers.map((customer, place) => ready[place] && ask(story, customer, "CONFIRM")));
}

/** Every webhook comes twice: one after the other, or at once. */
async function webhooksRepeated(story: Story): Promise<void> {
  const [customer] = story.tenant.customers;
  const twice = async (body: string): Promise<string | undefined> => {
    const before = received(story, customer).length;
    const sid = newSid();
    if (story.plan.seed % 2) {
      await Promise.all([text(story, customer, body, sid), text(story, customer, body, sid)]);
      story.note("webhook_concurrent/A");
    } else {
      await text(story, customer, body, sid);
      await text(story, customer, body, sid);
      story.note("webhook_repeated/A");
    }
    return nextText(story, customer, before);
  };
  let answer = await twice(wish(story));
  for (let turn = 0; turn < 5 && answer !== undefined && !/Reply CONFIRM|human/i.test(answer); turn++) {
    const reply = /your name/i.test(answer) ? "Jane Roe" : /address/i.test(answer) ? "12 Main St" : "1";
    answer = await twice(reply);
  }
  if (!answer || !/Reply CONFIRM/.test(answer)) return;
  story.confirming();
  if (await twice("CONFIRM")) {
    story.note("webhook_repeated/C");
    story.note("webhook_repeated/D");
  }
}

/** "Make it another time" and CONFIRM overtake each other on their way to us. */
async function webhooksReordered(story: Story): Promise<void> {
  const [customer] = story.tenant.customers;
  if (!(await reachSummary(story, customer, wish(story)))) return;
  story.confirming();
  const before = received(story, customer).length;
  const [first, second] = [newSid(), newSid()];
  const bodies = { [first]: wish(story, 4), [second]: "CONFIRM" };
  for (const [messageSid, body] of Object.entries(bodies))
    await story.world.twilio.sendInbound({ from: customer, to: story.tenant.business, body, messageSid, post: false });
  await text(story, customer, bodies[second] ?? "", second);
  if (story.plan.seed % 2) await nextText(story, customer, before);
  await text(story, customer, bodies[first] ?? "", first);
  story.note("webhook_reordered/B");
  await nextText(story, customer, before);
}

export const scenarios: Record<ScenarioName, Scenario> = {
  sms,
  late_confirm: lateConfirm,
  late_confirm_lost: lateConfirmLost,
  double_confirm: doubleConfirm,
  voice,
  stop_after_confirm: stopAfterConfirm,
  two_customers: twoCustomers,
  webhooks_repeated: webhooksRepeated,
  webhooks_reordered: webhooksReordered,
  bad_input: async (story) => {
    await badInput(story);
    await sms(story);
  },
};
