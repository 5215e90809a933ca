import { setTimeout as sleep } from "node:timers/promises";
import { DateTime } from "luxon";
import { type Customer, received, within } from "./customer.ts";

/** How long a customer waits for an answer before they give up. */
const patienceMs = 20_000;
const turns = 8;
const postTries = 12;
const betweenPostsMs = 600;

/** Texts up to the summary, CONFIRMs, and waits for what comes of it. */
export async function textJourney(customer: Customer): Promise<void> {
  const { board } = customer;
  const request = wish(customer);
  let answer = await ask(customer, request, () => board.enter("A"));
  for (let turn = 0; turn < turns; turn++) {
    if (answer === undefined || /human/i.test(answer)) return;
    if (/Reply CONFIRM/.test(answer)) break;
    answer = await ask(customer, replyTo(answer, request), () => board.enter("B"));
  }
  if (!answer || !/Reply CONFIRM/.test(answer)) return;
  const before = received(customer).length;
  customer.confirmedAt = Date.now();
  customer.confirmSid = newSid();
  await text(customer, "CONFIRM", { messageSid: customer.confirmSid, onPost: () => board.enter("C") });
  await within(patienceMs, () => received(customer)[before]);
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

const newSid = () => `SM${crypto.randomUUID().replaceAll("-", "")}`;

/** Posts a text as Twilio does: the same again while nobody takes it in. What nobody ever takes in, a sweep has to find. */
async function text(
  { real, phone, business }: Customer,
  body: string,
  { messageSid, onPost }: { messageSid: string; onPost: () => void },
): Promise<void> {
  for (let tries = 1; tries <= postTries; tries++) {
    const posting = real.twilio.sendInbound({ from: phone, to: business.phone, body, messageSid });
    if (tries === 1) onPost();
    const { status } = await posting;
    if (status !== null && status < 500) return;
    await sleep(betweenPostsMs);
  }
}

async function ask(customer: Customer, body: string, onPost: () => void): Promise<string | undefined> {
  const before = received(customer).length;
  await text(customer, body, { messageSid: newSid(), onPost });
  return within(patienceMs, () => received(customer)[before]);
}
