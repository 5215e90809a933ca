import { createVapiCaller, type VapiCaller, type VapiCallerCredential } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import { DateTime } from "luxon";
import { clinic, plumber } from "../../demo/stage.ts";
import { person, phones, secrets } from "./people.ts";
import type { World } from "./world.ts";

const withinMs = 60_000;
const inDays = (days: number) => DateTime.now().setZone("America/New_York").plus({ days }).toISODate() ?? "";

interface CallOptions {
  business: typeof clinic;
  credential: VapiCallerCredential;
  dialect: "seed" | "vapi";
  customer: string;
}

const callerOf = ({ stage }: World, { business, customer, ...options }: CallOptions) =>
  createVapiCaller({
    ...options,
    baseUrl: stage.gatewayUrl,
    callerNumber: customer,
    calledNumber: business.phone,
  });

/** Holds the first free time of a day and has a code sent. */
async function reserve(caller: VapiCaller, days: number, contact: Record<string, string>): Promise<string> {
  const offered = await caller.tool("check_availability", { date: inDays(days) });
  const [slot] = (offered.content.slots ?? []) as { time: string }[];
  const patient = { patientName: person.name, ...contact };
  const held = await caller.tool("reserve_atomic", { slotId: slot?.time ?? "", ...patient });
  const holdId = String(held.content.holdId);
  await caller.tool("send_otp_code", { holdId, ...contact });
  return holdId;
}

const codeIn = (texts: readonly string[]) => texts.flatMap((text) => /\b\d{4}\b/.exec(text) ?? [])[0];

/** A wrong code, the right one, and the confirmation. */
async function verify(caller: VapiCaller, holdId: string, code: string): Promise<void> {
  const wrong = code === "0000" ? "1111" : "0000";
  const address = person.address;
  await caller.tool("verify_otp", { holdId, providedOTP: wrong, address });
  const verified = await caller.tool("verify_otp", { holdId, providedOTP: code, address });
  if (!verified.success) throw new Error(`the booking by phone failed: ${verified.error}`);
  await caller.tool("send_confirmation_sms", { appointmentId: verified.content.appointmentId });
}

/** What was said, as the report of a call's end tells it. */
const saidInTheEnd = (customer: string) => ({
  endedReason: `customer ${person.name} hung up`,
  transcript: `AI: Who is calling?\nUser: ${person.name}, ${customer}. ${person.said}.\nAI: You are all booked.`,
  summary: `${person.name} of ${person.address} called: ${person.said}.`,
  structuredData: { name: person.name, phone: customer, email: person.email },
  recordingUrl: `https://pomegranate.test/recordings/${encodeURIComponent(person.name)}.wav`,
});

/** A call in Vapi's own dialect, up to its report. @returns the code */
export async function bookByCall(world: World): Promise<string> {
  const customer = phones.caller;
  const credential = { bearer: secrets.clinicVapi };
  const caller = callerOf(world, { business: clinic, credential, dialect: "vapi", customer });
  await caller.assistantRequest();
  const contact = { patientPhone: customer, patientEmail: person.email };
  const holdId = await reserve(caller, 3, contact);
  const code = await eventually("the code", () => codeIn(world.stage.received(customer)), withinMs);
  await verify(caller, holdId, code);
  await caller.several([{ name: "check_availability", args: { date: `${person.name}'s birthday` } }]);
  await caller.hangUp(saidInTheEnd(customer));
  return code;
}

/** A call in the seed's dialect, which names its customer in the arguments alone. @returns the code */
export async function bookInSeedDialect(world: World): Promise<string> {
  const customer = phones.callerInSeedDialect;
  const credential = { secretHeader: secrets.clinicVapi };
  const caller = callerOf(world, { business: clinic, credential, dialect: "seed", customer });
  const holdId = await reserve(caller, 4, { patientPhone: customer });
  const code = await eventually("the code", () => codeIn(world.stage.received(customer)), withinMs);
  await verify(caller, holdId, code);
  return code;
}

/** A customer whose phone takes no texts has the code by e-mail. @returns the code */
export async function bookByEmail(world: World): Promise<string> {
  const { stage, mailbox } = world;
  const customer = phones.callerByEmail;
  const message = `The 'To' number ${customer} of ${person.name} is a landline.`;
  stage.twilio.faults.add({ kind: "fail-before", match: { to: customer }, status: 400, code: 21614, message });
  const credential = { bearer: secrets.clinicVapi };
  const caller = callerOf(world, { business: clinic, credential, dialect: "seed", customer });
  const contact = { patientPhone: customer, patientEmail: person.email };
  const holdId = await reserve(caller, 5, contact);
  const mailed = () => codeIn(mailbox.messages(person.email).map(({ text }) => text));
  const code = await eventually("the code's mail", mailed, withinMs);
  await verify(caller, holdId, code);
  return code;
}

/** A caller who has a code: what is left to do is the CONFIRM. */
export async function reachCode(world: World): Promise<{ confirm(): Promise<unknown>; code: string }> {
  const customer = phones.callerOfStopped;
  const credential = { hmacSecret: secrets.plumberVapiHmac };
  const caller = callerOf(world, { business: plumber, credential, dialect: "vapi", customer });
  const holdId = await reserve(caller, 6, { patientEmail: person.email });
  const code = await eventually("the code", () => codeIn(world.stage.received(customer)), withinMs);
  return {
    code,
    async confirm() {
      await caller.tool("verify_otp", { holdId, providedOTP: code, address: person.address });
      await caller.hangUp(saidInTheEnd(customer));
    },
  };
}
