import { setTimeout as sleep } from "node:timers/promises";
import { DateTime } from "luxon";
import { type Customer, received, within } from "./customer.ts";

/** How long a customer waits for an answer before they give up. */
const patienceMs = 20_000;
const turns = 8;

/** Texts up to the summary, CONFIRMs, and waits for what comes of it. */
export async function textJourney(customer: Customer): Promise<void> {
  const { board, real, phone } = customer;
  const request = wish(customer);
  let answer = await ask(customer, request, () => board.enter("A"));
  for (let turn = 0; turn < turns; turn++) {
    if (answer === undefined || /human/i.test(answer)) return;
    if (/Reply CONFIRM/.test(answer)) break;
    answer = await ask(customer, replyTo(answer, request), () => board.enter("B"));
  }
  if (!answer || !/Reply CONFIRM/.test(answer)) return;
  const before = received(customer).length;
  const outcome = watchOutcome(customer);
  customer.confirmedAt = Date.now();
  await text(customer, "CONFIRM", () => board.enter("C"));
  await within(patienceMs, () => received(customer)[before]);
  outcome.stop();
  await real.twilio.ledger.messages({ to: phone });
}

/** Says when the customer is being told, and when the owner is. */
function watchOutcome(customer: Customer): { stop(): void } {
  const { real, board, phone, business } = customer;
  const timer = setInterval(() => {
    for (const { to, text: body } of real.twilio.faults.fired()) {
      if (to === phone) board.enter("D");
      if (to === business.owner && body?.includes(phone)) board.enter("E");
    }
  }, 10);
  return { stop: () => clearInterval(timer) };
}

function wish({ wanted, business }: Customer): string {
  const start = DateTime.now()
    .setZone(business.history.timeZone)
    .startOf("day")
    .plus({ days: wanted.days })
    .set({ hour: 9 })
    .plus({ minutes: 30 * wanted.halfHour });
  return `Can I book a consultation on ${start.toFormat("LLLL d 'at' h:mm a")}?`;
}

function replyTo(answer: string, request: string): string {
  if (/your name/i.test(answer)) return "Jane Roe";
  return /1\) /.test(answer) ? "1" : request;
}

/** Posts a text as Twilio does: the same again while nobody takes it in. */
async function text({ real, phone, business }: Customer, body: string, onPost: () => void): Promise<void> {
  const messageSid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
  for (let tries = 1; tries <= 4; tries++) {
    const posting = real.twilio.sendInbound({ from: phone, to: business.phone, body, messageSid });
    if (tries === 1) onPost();
    const { status } = await posting;
    if (status !== null && status < 500) return;
    await sleep(500);
  }
}

async function ask(customer: Customer, body: string, onPost: () => void): Promise<string | undefined> {
  const before = received(customer).length;
  await text(customer, body, onPost);
  return within(patienceMs, () => received(customer)[before]);
}
