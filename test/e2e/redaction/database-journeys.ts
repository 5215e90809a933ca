import { createVapiCaller } from "@bookproof/simulators";
import { eventually } from "@bookproof/testing";
import { clinic } from "../../demo/stage.ts";
import { person, phones, secrets } from "./people.ts";
import type { World } from "./world.ts";

const withinMs = 60_000;
/** By which the database's complaint is known in a log line. */
const named = "refused_by_test";

const complaintOf =
  ({ log }: World, service: string, about = named) =>
  () =>
    log.some((entry) => entry.service === service && entry.line.includes(about));

/** Postgres refuses a text, and with it quotes the whole row. */
export async function failToStoreText(world: World): Promise<void> {
  const { database, twilio } = world.stage;
  const check = `CHECK (from_e164 <> '${phones.notStored}') NOT VALID`;
  await database.query(`ALTER TABLE agent.inbound_messages ADD CONSTRAINT ${named} ${check}`);
  await twilio.sendInbound({ from: phones.notStored, to: clinic.phone, body: person.body });
  await eventually("a text that is not stored", complaintOf(world, "agent"), withinMs);
  await database.query(`ALTER TABLE agent.inbound_messages DROP CONSTRAINT ${named}`);
}

/** Postgres refuses a reply that is to be sent. */
export async function failToStoreReply(world: World): Promise<void> {
  const { database, twilio } = world.stage;
  const check = `CHECK (to_address <> '${phones.notStoredReply}') NOT VALID`;
  await database.query(`ALTER TABLE notifier.messages ADD CONSTRAINT ${named} ${check}`);
  await twilio.sendInbound({ from: phones.notStoredReply, to: clinic.phone, body: person.body });
  await eventually("a reply that is not stored", complaintOf(world, "notifier"), withinMs);
  await database.query(`ALTER TABLE notifier.messages DROP CONSTRAINT ${named}`);
}

/** Postgres cannot read a caller's name, and quotes it, as it does with what is no UUID or no time. */
export async function failToReadName(world: World): Promise<void> {
  const { database, gatewayUrl } = world.stage;
  const raise = "RAISE EXCEPTION 'invalid input syntax for type uuid: \"%\"', NEW.name USING ERRCODE = '22P02'";
  await database.query(
    `CREATE FUNCTION public.${named}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${raise}; END $$`,
  );
  const when = `WHEN (NEW.phone = '${phones.callerNotStored}')`;
  await database.query(
    `CREATE TRIGGER ${named} BEFORE INSERT ON booking.contacts FOR EACH ROW ${when} EXECUTE FUNCTION public.${named}()`,
  );
  const caller = createVapiCaller({
    baseUrl: gatewayUrl,
    credential: { bearer: secrets.clinicVapi },
    dialect: "vapi",
    callerNumber: phones.callerNotStored,
    calledNumber: clinic.phone,
  });
  const offered = await caller.tool("check_availability", {});
  const [slot] = (offered.content.slots ?? []) as { time: string }[];
  await caller.tool("reserve_atomic", { slotId: slot?.time ?? "", patientName: person.name });
  await eventually("a name that is not read", complaintOf(world, "booking", "22P02"), withinMs);
}

/** Jobs that nobody can read: the queue's own library tells of them, payload and all. */
export async function failInQueue(world: World): Promise<void> {
  const payload = { customer: phones.inTheJob, name: person.name, [person.name]: person.address };
  for (const [service, task] of [
    ["agent", "take_turn"],
    ["notifier", "deliver_message"],
  ] as const) {
    await world.stage.database.query(`SELECT ${service}_jobs.add_job($1, $2::json)`, [task, JSON.stringify(payload)]);
    await eventually("the complaint", complaintOf(world, service, "[JOB_QUEUE] Failed task"), withinMs);
  }
}
