import { randomBytes, randomUUID } from "node:crypto";
import { createSecretBox } from "@bookproof/postgres";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type CalendarWorld, google, startCalendarWorld, unconnected } from "./test/calendar-world.ts";

const tenant = randomUUID();
const [oldKey, newKey] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
const calendar = google("cal-smith", "smith@group.calendar.google.com");
let world: CalendarWorld;
beforeAll(async () => {
  world = await startCalendarWorld();
}, 60_000);
afterAll(() => world.stop());

const reasonOf = async () => (await world.availability(tenant, "cal-smith"))[0]?.unreadableReason;
const sealed = async (): Promise<string> =>
  (
    await world.database.query(
      "SELECT google_credential_sealed AS sealed FROM calendar.calendars WHERE tenant_id = $1",
      [tenant],
    )
  ).rows[0].sealed;

test("keys are rotated: the old one opens until the tenant is applied again, and then it is not needed any more", async () => {
  await world.restartWith(oldKey);
  await world.apply(tenant, calendar);
  expect(await reasonOf()).toBe("");

  await world.restartWith(`${newKey},${oldKey}`);
  expect(await reasonOf()).toBe("");
  expect(createSecretBox([newKey]).isCurrent(await sealed())).toBe(false);
  await world.apply(tenant, calendar);
  expect(createSecretBox([newKey]).isCurrent(await sealed())).toBe(true);

  await world.restartWith(newKey);
  expect(await reasonOf()).toBe("");
});

test("a credential under a key that is gone cannot be used, and is not given away", async () => {
  await world.restartWith(oldKey);
  expect(await reasonOf()).toBe("calendar_disconnected");
});

test("a credential that was got at Google is sealed anew as well, and stays disconnected if it is", async () => {
  await world.restartWith(oldKey);
  const list = unconnected("cal-smith", "smith@group.calendar.google.com");
  await world.apply(tenant, list);
  expect(await reasonOf()).toBe("calendar_not_connected");
  await world.connect(tenant, "cal-smith");
  expect(await reasonOf()).toBe("");

  await world.restartWith(`${newKey},${oldKey}`);
  await world.apply(tenant, list);
  expect(createSecretBox([newKey]).isCurrent(await sealed())).toBe(true);
  await world.restartWith(newKey);
  expect(await reasonOf()).toBe("");

  world.google.revokeGrant(createSecretBox([newKey]).open(await sealed()));
  expect(await reasonOf()).toBe("calendar_disconnected");
  await world.restartWith(`${oldKey},${newKey}`);
  await world.apply(tenant, list);
  expect(createSecretBox([oldKey]).isCurrent(await sealed())).toBe(true);
  expect(await reasonOf()).toBe("calendar_disconnected");
});

test("a connection under a key that is gone is said to be disconnected, with what to do", async () => {
  await world.restartWith(newKey);
  const { calendars } = await world.client.listCalendarConnections({ tenantId: tenant });
  expect(calendars).toMatchObject([
    {
      state: "CONNECTION_STATE_DISCONNECTED",
      reason: "credential_unreadable",
      whatToDo: expect.stringMatching(/^Connect it again: /),
    },
  ]);
});
