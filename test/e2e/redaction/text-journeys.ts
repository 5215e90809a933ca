import { eventually } from "@bookproof/testing";
import { clinic, plumber } from "../../demo/stage.ts";
import { ownerEmail, person, phones, secrets } from "./people.ts";
import type { World } from "./world.ts";

/** Generous: what is awaited may be a second or later try, on a machine that does much else. */
const withinMs = 60_000;

/** What vendors say in refusals: whom and what they refuse. */
export const vendorSays = (phone: string) =>
  `The 'To' number ${phone} is not valid: "${person.body}" for ${person.name}, ${person.address}, ${person.email}`;

/** Leads a plumber's customer up to the summary that is to be confirmed. */
async function reachSummary({ stage }: World, customer: string): Promise<void> {
  await stage.ask(customer, plumber.phone, `I have ${person.body}, can you come tomorrow morning?`);
  await stage.ask(customer, plumber.phone, "1");
  await stage.ask(customer, plumber.phone, person.name);
  await stage.ask(customer, plumber.phone, person.address);
}

/** A booking that succeeds. */
export async function bookByText(world: World): Promise<void> {
  await reachSummary(world, phones.booked);
  await world.stage.ask(phones.booked, plumber.phone, "CONFIRM");
}

/** The calendar refuses, and so does every channel to the owner: text, second number, call and mail. */
export async function failByCalendar(world: World): Promise<void> {
  const { stage, mailbox } = world;
  await reachSummary(world, phones.refusedByCalendar);
  const refusal = { kind: "fail-before", message: vendorSays(phones.refusedByCalendar) } as const;
  stage.google.faults.add({ ...refusal, match: { method: "POST", path: "/events" }, status: 403, code: "forbidden" });
  for (const [to, status] of [
    [plumber.owner, 400],
    [plumber.vip, 500],
  ] as const)
    stage.twilio.faults.add({ kind: "fail-before", match: { to }, status, message: vendorSays(to) });
  mailbox.refuse(ownerEmail);
  await stage.ask(phones.refusedByCalendar, plumber.phone, "CONFIRM");
  await eventually("the refusal of the mail", () => hasFailedMessage(world, "email"), withinMs);
  stage.google.faults.clear();
  stage.twilio.faults.clear();
}

async function hasFailedMessage({ stage }: World, channel: string): Promise<boolean> {
  const { rowCount } = await stage.database.query(
    "SELECT FROM notifier.messages WHERE channel = $1 AND status IN ('failed', 'unknown')",
    [channel],
  );
  return rowCount !== 0;
}

/** What leaves for customers is refused, fails or is cut off. */
export async function failByTwilio({ stage }: World): Promise<void> {
  const { refusedByTwilio, failedByTwilio, cutOffByTwilio } = phones;
  const { faults } = stage.twilio;
  const refused = { status: 400, code: 21211, message: vendorSays(refusedByTwilio) };
  faults.add({ kind: "fail-before", match: { to: refusedByTwilio, method: "POST" }, ...refused });
  faults.add({
    kind: "fail-before",
    match: { to: failedByTwilio, method: "POST" },
    status: 500,
    message: vendorSays(failedByTwilio),
  });
  faults.add({ kind: "drop", match: { to: cutOffByTwilio, method: "POST" } });
  const customers = [refusedByTwilio, failedByTwilio, cutOffByTwilio];
  for (const from of customers) await stage.twilio.sendInbound({ from, to: clinic.phone, body: person.body });
  for (const customer of customers)
    await eventually("a text that fails", () => faults.fired().some(({ to }) => to === customer), withinMs);
  await eventually("the end of the refused text", async () => {
    const { rows } = await stage.database.query("SELECT status FROM notifier.messages WHERE to_address = $1", [
      refusedByTwilio,
    ]);
    return rows.some(({ status }) => status === "failed");
  });
}

/** A text comes while nobody takes it in: the gateway alerts the owner. */
export async function writeToStoppedAgent({ stage }: World): Promise<void> {
  const agent = stage.service("agent");
  agent.kill("SIGSTOP");
  try {
    await stage.twilio.sendInbound({ from: phones.agentStopped, to: clinic.phone, body: person.body });
  } finally {
    agent.kill("SIGCONT");
  }
}

/** A CONFIRM comes while nobody carries it out. @param meanwhile what else is done to the stopped service */
export async function confirmAtStoppedBooking(world: World, meanwhile: () => Promise<unknown>): Promise<void> {
  const { stage } = world;
  await reachSummary(world, phones.bookingStopped);
  const booking = stage.service("booking");
  booking.kill("SIGSTOP");
  try {
    await Promise.all([stage.ask(phones.bookingStopped, plumber.phone, "CONFIRM"), meanwhile()]);
  } finally {
    booking.kill("SIGCONT");
  }
}

/** Booking dies in the middle of a CONFIRM. */
export async function confirmAtDyingBooking(world: World): Promise<void> {
  const { stage } = world;
  const from = phones.bookingKilled;
  await reachSummary(world, from);
  const { faults } = stage.google;
  const { id } = faults.add({ kind: "delay", match: { method: "POST", path: "/events" }, times: 1, delayMs: 1_500 });
  const before = stage.received(from).length;
  await stage.twilio.sendInbound({ from, to: plumber.phone, body: "CONFIRM" });
  await eventually("the insert", () => faults.fired().some(({ ruleId }) => ruleId === id), withinMs);
  stage.service("booking").kill();
  await eventually("an answer", () => stage.received(from).length > before, withinMs);
}

/** Google and Twilio no longer know the plumber's credentials, and repeat them. The last journey: the calendar is disconnected. */
export async function failByCredentials({ stage, log }: World): Promise<void> {
  const from = phones.withoutCredentials;
  stage.google.expireAccessTokens();
  const revoked = `${secrets.refreshToken} of ${ownerEmail} is revoked`;
  const grantGone = { status: 400, code: "invalid_grant", message: revoked };
  stage.google.faults.add({ kind: "fail-before", match: { path: "/token" }, ...grantGone });
  const message = `${secrets.twilioToken} is wrong: ${vendorSays(from)}`;
  stage.twilio.faults.add({ kind: "fail-before", match: { method: "POST" }, status: 401, code: 20003, message });
  await stage.twilio.sendInbound({ from, to: plumber.phone, body: `${person.body}, can you come tomorrow?` });
  for (const marker of ["[CALENDAR_DISCONNECTED]", "[TWILIO_CREDENTIALS_FAILED]"])
    await eventually(marker, () => log.some(({ line }) => line.includes(marker)), withinMs);
}
