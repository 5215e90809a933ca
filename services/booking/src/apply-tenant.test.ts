import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BookingWorld, business, SMILE, startBookingWorld } from "./test/booking-world.ts";

let world: BookingWorld;
beforeAll(async () => {
  world = await startBookingWorld();
});
afterAll(() => world.stop());

const leadScoreWeights = {
  baseOver5Minutes: 50,
  baseUnder5Minutes: 20,
  askedAboutPrice: 10,
  askedAboutOffering: 5,
  positiveSentiment: 5,
  booked: 25,
  highValue: 10,
  alertFrom: 80,
};

test("what a call needs of a tenant comes back as it was applied, and is gone when applied without", async () => {
  const request = business(SMILE, "+15550100001");
  if (!request.tenant) throw new Error("the business has a tenant");
  await world.booking.applyTenant({
    ...request,
    tenant: { ...request.tenant, plainTexts: true, leadScoreWeights },
    vapi: { secret: "s", hmacSecret: "h", promptExtension: "Mention the parking lot." },
  });
  const read = async () => {
    const { tenant } = await world.booking.getTenant({ tenantId: SMILE });
    const { connections } = await world.booking.listConnections({ afterId: "", limit: 0 });
    return { tenant, connection: connections.find(({ tenantId }) => tenantId === SMILE) };
  };
  expect(await read()).toMatchObject({
    tenant: { plainTexts: true, leadScoreWeights },
    connection: {
      plainTexts: true,
      vapi: { secret: "s", hmacSecret: "h", promptExtension: "Mention the parking lot." },
    },
  });
  await world.booking.applyTenant(request);
  const after = await read();
  expect(after.tenant?.leadScoreWeights).toBeUndefined();
  expect(after).toMatchObject({
    tenant: { plainTexts: false },
    connection: { plainTexts: false, vapi: { promptExtension: "" } },
  });
});
