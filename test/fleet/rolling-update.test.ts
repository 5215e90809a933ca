import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ServiceName, serviceNames } from "@bookproof/launcher";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Customer } from "../faults/level-c/journeys/customer.ts";
import { textJourney } from "../faults/level-c/journeys/text-journey.ts";
import { voiceJourney } from "../faults/level-c/journeys/voice-journey.ts";
import { attemptDeadlineMs, graceMs, judge } from "../faults/level-c/judge.ts";
import { customerSource } from "../faults/level-c/run-round.ts";
import { untilSettled } from "../faults/level-c/settle.ts";
import { type Fleet, migrateWith, startFleet, thisVersion } from "./fleet.ts";
import { layOutPreviousRelease } from "./previous-release.ts";

const settleMs = attemptDeadlineMs + graceMs;
const betweenCustomersMs = 900;
const previous = layOutPreviousRelease();
if (!previous) console.warn("SKIPPED: git does not have the commit of deploy/previous-release, so nothing is updated");

afterAll(() => previous?.remove());

(previous ? describe : describe.skip)("an update from the previous release", () => {
  const tree = previous?.tree ?? "";

  test("changes no message that the previous release sends or understands in a way that it cannot read", () => {
    const buf = join(thisVersion, "node_modules/.bin/buf");
    const breaking = () =>
      execFileSync(buf, ["breaking", "--against", join(tree, "proto")], { cwd: thisVersion, encoding: "utf8" });
    expect(breaking()).toBe("");
  });

  describe("while customers book", () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await startFleet({ businesses: 4, migratedBy: tree });
      for (const name of serviceNames) await fleet.add(name, tree);
      await fleet.applyTenants();
    }, 180_000);
    afterAll(() => fleet?.close(), 60_000);

    async function replace(name: ServiceName): Promise<number | null> {
      const [old] = fleet.replicasOf(name);
      if (!old) throw new Error(`no ${name} runs`);
      await fleet.add(name);
      // Both versions side by side.
      await sleep(2_000);
      return fleet.remove(old);
    }

    test("migrates first, replaces one service after the other, and loses neither a text nor a call", async () => {
      const newCustomer = customerSource(fleet, fleet.businesses, 0);
      const customers: Customer[] = [];
      const journeys: Promise<void>[] = [];
      let updating = true;
      const customersCome = async () => {
        for (let count = 0; updating; count++) {
          const customer = newCustomer(false);
          customers.push(customer);
          journeys.push(count % 4 === 3 ? voiceJourney(customer) : textJourney(customer));
          await sleep(betweenCustomersMs);
        }
      };
      const coming = customersCome();
      await sleep(3_000);
      migrateWith(thisVersion, fleet.database.url);
      const exitCodes: (number | null)[] = [];
      for (const name of serviceNames.toReversed()) exitCodes.push(await replace(name));
      await sleep(3_000);
      updating = false;
      await coming;
      await Promise.all(journeys);
      expect(exitCodes).toEqual(serviceNames.map(() => 0));
      expect(await untilSettled(fleet.database, settleMs)).toEqual([]);

      const refused = fleet.twilio.ledger
        .webhooks()
        .filter(({ httpStatus }) => httpStatus === null || httpStatus >= 300);
      expect(refused).toEqual([]);
      const round = { businesses: fleet.businesses, customers, struck: [], healedAt: Date.now() };
      const { violations, counts } = await judge(fleet.source, round);
      expect(violations).toEqual([]);
      const total = (count: (one: (typeof counts)[number]) => number) =>
        counts.reduce((sum, one) => sum + count(one), 0);
      const notBooked = customers.filter(({ confirmedAt }) => confirmedAt === undefined);
      expect(notBooked).toEqual([]);
      expect({ booked: total((one) => one.booked), escalated: total((one) => one.escalated) }).toEqual({
        booked: customers.length,
        escalated: 0,
      });
    }, 300_000);
  });
});
