import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AttemptStatus } from "@bookproof/proto/booking";
import { serverUrlVariable, startTestServer } from "@bookproof/testing";
import { z } from "zod";
import { startInProcessWorld } from "../../support/in-process-world.ts";
import { clinic, clinicId, clinicOwner, clinicPhone, googleCalendar } from "../../support/tenants.ts";
import { compare } from "./compare.ts";

const usage =
  "npm run test:faults:calendar -- [--bookings 1000] [--seed 1] [--errors 0.05] [--timeouts 0.05] [--report FILE]";
const googleId = "errors@group.calendar.google.com";
const atOnce = 8;
const progressMs = 5_000;
/** What is left under way after the last CONFIRM: take-backs look three times, 5 s apart, and try again for a minute. */
const settleMs = 180_000;

const share = z.coerce.number().min(0).max(1);
const options = z
  .object({
    bookings: z.coerce.number().int().min(1).max(5_000).default(1_000),
    seed: z.coerce.number().int().default(1),
    errors: share.default(0.05),
    timeouts: share.default(0.05),
    report: z.string().optional(),
  })
  .parse(
    parseArgs({
      options: Object.fromEntries(
        ["bookings", "seed", "errors", "timeouts", "report"].map((name) => [name, { type: "string" as const }]),
      ),
    }).values,
  );

const server = await startTestServer();
process.env[serverUrlVariable] = server.url;
const tenant = clinic(googleCalendar("cal-smith", "Dr. Smith", googleId));
if (tenant.tenant?.bookingRules) tenant.tenant.bookingRules.horizonDays = 400;
const world = await startInProcessWorld({
  tenants: [tenant],
  env: { LOG_LEVEL: "error", SECRETS_KEY: Buffer.alloc(32, 3).toString("base64") },
});
// Every request to Google's API, reading back and looking for openings included; signing in is left alone.
const everything = { path: "/calendar/v3/" };
world.google.faults.add({
  kind: "fail-before",
  match: everything,
  status: 503,
  rate: options.errors,
  seed: options.seed,
});
world.google.faults.add({
  ...{ kind: "time-out-after", match: everything, rate: options.timeouts, seed: options.seed + 1 },
});

const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1_000);
let done = 0;
const progress = setInterval(() => console.log(`${done}/${options.bookings} bookings, ${seconds()} s`), progressMs);

/** Half hours from 9:00 to 16:30 in New York, day by day from the day after tomorrow. */
function startOf(index: number): Date {
  const date = new Date(Date.now() + (2 + Math.floor(index / 15)) * 86_400_000);
  date.setUTCHours(15, 0, 0, 0);
  return new Date(date.getTime() + ((index % 15) - 2) * 30 * 60_000);
}

async function book(index: number): Promise<void> {
  const phone = `+1555${String(2_000_000 + index)}`;
  const start = startOf(index);
  const cid = `booking-${index}`;
  const { holdId, success } = await world.booking.claimSlot({
    ...{ tenantId: clinicId, holdId: crypto.randomUUID(), offeringId: "consultation", calendarId: "cal-smith", start },
    ...{ callSid: "", customerName: "Jane Roe", customerPhone: phone, replacesHoldId: "", cid },
  });
  if (!success) throw new Error(`slot ${start.toISOString()} could not be held`);
  const { status } = await world.booking.confirmBooking(
    {
      ...{ tenantId: clinicId, holdId, cid, conversationId: "", messageSid: "", address: "" },
      ...{ customer: { name: "Jane Roe", phone, email: "" }, notAfter: undefined, businessPhone: clinicPhone },
      bookingSource: "manual",
    },
    { deadline: 20_000, retry: false },
  );
  if (status === AttemptStatus.ATTEMPT_STATUS_SLOT_TAKEN) throw new Error(`slot ${start.toISOString()} was taken`);
  done++;
}

let next = 0;
async function bookOn(): Promise<void> {
  while (next < options.bookings) await book(next++);
}
let findings: string[] = [];
try {
  await Promise.all(Array.from({ length: atOnce }, bookOn));
  console.log(`${done} CONFIRMs in ${seconds()} s; waiting for what they left behind`);
  const until = performance.now() + settleMs;
  let counts: Awaited<ReturnType<typeof compare>>["counts"];
  do {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ({ counts, findings } = await compare(world, { tenantId: clinicId, googleId, owner: clinicOwner }));
  } while (findings.length > 0 && performance.now() < until);
  world.google.faults.clear();
  const { calendars } = await world.booking.auditCalendars({ tenantId: clinicId, calendarId: "", repair: false });
  for (const { differences, unreadableReason } of calendars) {
    if (unreadableReason) findings.push(`the audit could not read the calendar: ${unreadableReason}`);
    for (const { kind, eventId } of differences) findings.push(`audit: ${kind} ${eventId}`);
  }
  const struck = world.google.faults.fired().length;
  console.log(
    `${counts.confirmed} booked, ${counts.failed} failed, ${counts.alerts} alerts, ${counts.liveEvents} live events; ${struck} faults struck; ${seconds()} s`,
  );
  for (const finding of findings.slice(0, 50)) console.log(`VIOLATED ${finding}`);
  console.log(
    `calendar errors: ${options.bookings} bookings, ${findings.length} violations, ${findings.length === 0 ? "passed" : "failed"}`,
  );
  if (options.report)
    writeFileSync(
      options.report,
      JSON.stringify({ usage, ...options, ...counts, struck, findings, seconds: seconds() }, null, 2),
    );
} finally {
  clearInterval(progress);
  await world.close();
  await server.stop();
}
process.exit(findings.length === 0 ? 0 : 1);
