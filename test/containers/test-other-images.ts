import { createServer } from "node:http";
import { eventually } from "@bookproof/testing";
import { expect, test } from "@jest/globals";
import { Wait } from "testcontainers";
import type { ContainerStage } from "./container-stage.ts";
import type { Engine } from "./engine.ts";
import { LockedContainer } from "./locked-container.ts";
import { runTools } from "./run-tools.ts";
import { addresses, databaseUrl } from "./servers.ts";
import { stopContainer } from "./stop-container.ts";
import { openToContainers } from "./vendors.ts";

/** What the images besides the services do. */
export function testOtherImages(engine: Engine, stageOf: () => ContainerStage): void {
  test("tools migrates once, and says in a sentence what Postgres refuses, without the password", async () => {
    const { network, migrated } = stageOf();
    expect(migrated).toEqual({ code: 0, output: expect.stringMatching(/^applied {2}000001_roles_and_schemas\.sql\n/) });
    const migrate = (as?: string) =>
      runTools(engine, network, ["migrate"], { DATABASE_URL: databaseUrl(addresses.postgres, as) });
    expect(await migrate()).toEqual({ code: 0, output: "up to date\n" });
    expect(await migrate("wrong")).toEqual({
      code: 1,
      output: 'Postgres at postgres:5432 refuses the password of user "postgres".\n',
    });
  });

  test("sandbox: the simulated phones answer from outside, and end with SIGTERM", async () => {
    const sandbox = await new LockedContainer(engine.image("sandbox"))
      .withExposedPorts(8081)
      .withWaitStrategy(Wait.forLogMessage('"simulator":"twilio"'))
      .withAutoRemove(false)
      .start();
    const answer = await fetch(`http://${sandbox.getHost()}:${sandbox.getMappedPort(8081)}/_sim/opt-outs`);
    expect(await answer.json()).toEqual({ optOuts: [] });
    const { code, afterMs } = await stopContainer(engine, sandbox);
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(15_000);
  });

  test("a process 1 that listens for no signal ends with SIGTERM all the same", async () => {
    let asked = false;
    // Never answers: the command waits.
    const silent = createServer(() => {
      asked = true;
    });
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    const address = silent.address();
    const door = await openToContainers(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
    const tools = await new LockedContainer(engine.image("tools"))
      .withEnvironment({ PUBLIC_URL: door.url, BOOTSTRAP_ADMIN_TOKEN: "x".repeat(16) })
      .withCommand(["tenant", "list"])
      .withAutoRemove(false)
      .start();
    await eventually("the command's question", () => asked, 30_000);
    const { code, afterMs } = await stopContainer(engine, tools);
    await door.close();
    silent.close().closeAllConnections();
    expect(code).toBe(143);
    expect(afterMs).toBeLessThan(15_000);
  });
}
