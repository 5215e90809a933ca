import { eventually } from "@bookproof/testing";
import { afterAll, describe, expect, test } from "@jest/globals";
import { services } from "../../deploy/docker/images.ts";
import { plumber } from "../demo/stage.ts";
import type { ContainerStage } from "./container-stage.ts";
import type { Engine } from "./engine.ts";
import { stopContainer } from "./stop-container.ts";

/** The end of each service, one after the other: afterwards nothing of the stage runs. */
export function testStops(engine: Engine, stageOf: () => ContainerStage): void {
  describe("SIGTERM", () => {
    const stopped: Record<string, { code: number; afterMs: number }> = {};
    afterAll(() => void process.stderr.write(`test/containers: stopped after ${describeStops(stopped)}\n`));

    test("agent finishes the turn in progress, and ends with 0", async () => {
      const stage = stageOf();
      const customer = "+15551230003";
      for (const text of ["I have a leak, can you come tomorrow morning?", "1", "Ann Lake", "12 Main St"])
        await stage.ask(customer, plumber.phone, text);
      const before = stage.received(customer).length;
      const match = { method: "POST", path: "/events" };
      const slow = stage.google.faults.add({ kind: "delay", delayMs: 1_500, times: 1, match });
      await stage.twilio.sendInbound({ from: customer, to: plumber.phone, body: "CONFIRM" });
      await eventually("the turn to be under way", () =>
        stage.google.faults.fired().some((it) => it.ruleId === slow.id),
      );
      expect(stage.received(customer)).toHaveLength(before);
      stopped.agent = await stopContainer(engine, stage.container("agent"));
      expect(stopped.agent.code).toBe(0);
      expect(await eventually("the answer", () => stage.received(customer)[before])).toMatch(
        /^Your appointment is all set/,
      );
      const { rows } = await stage.database.query(
        "SELECT id FROM agent_jobs._private_jobs WHERE locked_by IS NOT NULL OR attempts > 0",
      );
      expect(rows).toEqual([]);
    });

    test.each(services.map(({ target }) => target).filter((target) => target !== "agent"))(
      "%s ends with 0",
      async (target) => {
        const end = await stopContainer(engine, stageOf().container(target));
        stopped[target] = end;
        expect(end.code).toBe(0);
        expect(end.afterMs).toBeLessThan(15_000);
      },
    );
  });
}

const describeStops = (stopped: Record<string, { afterMs: number }>): string =>
  Object.entries(stopped)
    .map(([target, { afterMs }]) => `${target} ${(afterMs / 1_000).toFixed(1)} s`)
    .join(", ");
