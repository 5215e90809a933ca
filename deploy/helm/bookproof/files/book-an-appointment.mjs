// `helm test`: books an appointment as a customer does, by text, and looks whether it is really there. Where phones are not simulated
// nobody may be texted, so only readiness is looked at.
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

const { GATEWAY_URL: gateway, SANDBOX: sandbox, BOOTSTRAP_ADMIN_TOKEN: token } = process.env;
const began = performance.now();
const customer = `+1555${randomInt(2_000_000, 9_999_999)}`;

const say = (text) => console.log(`${((performance.now() - began) / 1_000).toFixed(1).padStart(5)} s  ${text}`);

/** One clear sentence, and the test has failed. */
class Failed extends Error {}

async function call(path, init = {}) {
  const answer = await fetch(gateway + path, { signal: AbortSignal.timeout(30_000), ...init }).catch((error) => {
    throw new Failed(`The gateway does not answer at ${gateway}: ${error.cause?.message ?? error.message}.`);
  });
  const text = await answer.text();
  if (!answer.ok) throw new Failed(`${path.split("?")[0]} answered ${answer.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/** Asks again and again until there is an answer. */
async function eventually(what, seconds, ask) {
  const ends = performance.now() + seconds * 1_000;
  while (true) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > ends) throw new Failed(`${what} did not come within ${seconds} s.`);
    await delay(300);
  }
}

/** Right after an install the last one may still be on its way. */
async function ready() {
  let missing;
  await eventually(`Readiness`, 60, () =>
    call("/readyz").catch((error) => {
      if (error.message !== missing) say(`not ready yet: ${error.message}`);
      missing = error.message;
    }),
  );
  say(`${gateway}/readyz: everything is there`);
}

async function textsTo(number) {
  const { messages } = await call(`/sandbox/api/messages?numbers=${encodeURIComponent(number)}`);
  return messages.filter(({ kind, to }) => kind === "text" && to === number).map(({ body }) => body);
}

/** Sends the customer's text and returns the business's reply. */
async function ask(business, body) {
  const before = (await textsTo(customer)).length;
  say(`customer: ${body}`);
  const { status } = await call("/sandbox/api/texts", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ from: customer, to: business, body }),
  });
  if (status !== 204 && status !== 200) throw new Failed(`The webhook answered Twilio's post with ${status}.`);
  const [reply] = await eventually(`A reply to "${body}"`, 60, async () => {
    const replies = (await textsTo(customer)).slice(before);
    return replies.length > 0 && replies;
  });
  say(`business: ${reply.replaceAll("\n", " / ")}`);
  return reply;
}

/** What the customer says next, by what was said last. */
function answerTo(reply) {
  if (/Reply CONFIRM/.test(reply)) return "CONFIRM";
  if (/your name/i.test(reply)) return "Jane Roe";
  if (/address/i.test(reply)) return "12 Main St";
  if (/^1\) /m.test(reply)) return "1";
  throw new Failed(`No customer would know what to answer to "${reply}".`);
}

async function book(business) {
  let reply = await ask(business, "I'd like to book an appointment, what times do you have?");
  for (let turn = 0; turn < 6; turn += 1) {
    const answer = answerTo(reply);
    reply = await ask(business, answer);
    if (answer !== "CONFIRM") continue;
    if (!/^Your appointment is all set/.test(reply)) throw new Failed(`CONFIRM was answered with "${reply}".`);
    return;
  }
  throw new Failed("After six turns nothing was booked.");
}

/** What the admin API knows of the booking: the appointment and the calendar event that prove it. */
async function proof() {
  const path = `/api/debug/sms-flow?phone=${encodeURIComponent(customer)}`;
  const headers = { authorization: `Bearer ${token}` };
  const booked = await eventually("The step BOOKED in the admin API", 20, async () => {
    const { traces, conversations } = await call(path, { headers });
    const trace = traces.find(({ stage, payload }) => stage === "BOOKED" && payload.calendarEventId);
    return trace && conversations[0]?.stage === "BOOKED" && { ...trace.payload, cid: trace.cid };
  });
  if (!booked.appointmentId) throw new Failed("The step BOOKED names no appointment.");
  return booked;
}

try {
  await ready();
  if (sandbox !== "true") {
    say("Phones are not simulated here, so nothing was booked: only readiness was looked at.");
  } else {
    const { tenants } = await call("/sandbox/api/tenants");
    if (tenants.length === 0) throw new Failed("There is no tenant: give a tenant file.");
    const [{ name, numbers }] = tenants;
    say(`${customer} texts ${name} at ${numbers[0]}`);
    await book(numbers[0]);
    const { appointmentId, calendarEventId, cid } = await proof();
    say(`admin API: appointment ${appointmentId} is booked, calendar event ${calendarEventId}, cid ${cid}`);
    say("Booked, told, and proven.");
  }
} catch (error) {
  console.error(error instanceof Failed ? error.message : `This should not happen: ${error.message}`);
  process.exitCode = 1;
}
