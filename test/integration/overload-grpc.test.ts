import { hasReason, reasonOf } from "@bookproof/errors";
import { NotifierServiceDefinition } from "@bookproof/proto/notifier";
import { createGrpcClient, createGrpcServer, createLogger, type InFlightLimits } from "@bookproof/service";
import { eventually } from "@bookproof/testing";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { HealthDefinition } from "nice-grpc-server-health";

const limits: InFlightLimits = {
  prompt: { running: 1, waiting: 5 },
  confirm: { running: 1, waiting: 5 },
  ordinary: { running: 2, waiting: 2 },
};

const notAsked = async (): Promise<never> => {
  throw new Error("nothing here asks for it");
};

let world: Awaited<ReturnType<typeof startBusyServer>>;
beforeEach(async () => {
  world = await startBusyServer();
});
afterEach(() => world.close());

/** A server whose texts each wait until they are let go; its alerts are answered at once. */
async function startBusyServer() {
  const started: string[] = [];
  const waiting: (() => void)[] = [];
  const letGo = () => {
    for (const done of waiting.splice(0)) done();
  };
  const server = createGrpcServer({
    definition: NotifierServiceDefinition,
    logger: createLogger("busy", "fatal"),
    limits,
    classes: { notifyOwnerBookingFailure: "prompt" },
    implementation: {
      async sendToCustomer({ key }) {
        started.push(key);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return { created: true };
      },
      notifyOwnerBookingFailure: async () => ({ escalationId: "1", created: true }),
      handleEvent: notAsked,
      sendOneTimeCode: notAsked,
      sendConfirmation: notAsked,
      sendHotLeadAlert: notAsked,
      recordDelivery: notAsked,
      recordOptOut: notAsked,
      resolveEscalations: notAsked,
      diagnose: notAsked,
      sendTestAlert: notAsked,
      getTestAlert: notAsked,
    },
  });
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  const { client, close } = createGrpcClient(NotifierServiceDefinition, address);
  const health = createGrpcClient(HealthDefinition, address);
  return {
    started,
    letGo,
    client,
    health: health.client,
    text: (key: string, options: { signal?: AbortSignal; deadline?: number } = {}) =>
      client.sendToCustomer({ key }, options),
    async close() {
      const emptied = setInterval(letGo, 10);
      close();
      health.close();
      await server.stop();
      clearInterval(emptied);
    },
  };
}

/** Two calls run and two wait. */
async function fill() {
  const running = [world.text("1"), world.text("2")];
  await eventually("two run", () => world.started.length === 2);
  const queued = [world.text("3"), world.text("4")];
  await eventually("two wait", async () =>
    hasReason(await refusalOf(world.text("probe", { deadline: 300 })), "overloaded"),
  );
  return { running, queued };
}

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

test("beyond the limit a call is refused at once, is not tried again, and what was let in finishes in order", async () => {
  const { running, queued } = await fill();
  const began = performance.now();
  const refusals = await Promise.all(Array.from({ length: 100 }, (_, index) => refusalOf(world.text(`more ${index}`))));
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(new Set(refusals.map(reasonOf))).toEqual(new Set(["overloaded"]));

  const letGo = setInterval(world.letGo, 5);
  expect(await Promise.all([...running, ...queued])).toHaveLength(4);
  clearInterval(letGo);
  expect(world.started).toEqual(["1", "2", "3", "4"]);
});

test("calls of another class, and health, do not wait behind a full one", async () => {
  await fill();
  const alert = { tenantId: "", cid: "", reason: "turn_failed" };
  expect(await world.client.notifyOwnerBookingFailure(alert, { deadline: 1_000 })).toMatchObject({ created: true });
  expect((await world.health.check({ service: "" }, { deadline: 1_000 })).status).toBe(1);
});

test("a queued call never runs once its caller is gone or its deadline has passed, and its place is free", async () => {
  const running = [world.text("1"), world.text("2")];
  await eventually("two run", () => world.started.length === 2);
  const caller = new AbortController();
  const gone = refusalOf(world.text("gone", { signal: caller.signal }));
  const late = refusalOf(world.text("late", { deadline: 400 }));
  await eventually("two wait", async () =>
    hasReason(await refusalOf(world.text("probe", { deadline: 200 })), "overloaded"),
  );
  caller.abort();
  await gone;
  expect(reasonOf(await late)).toBe("unavailable");

  const next = [world.text("3"), world.text("4")];
  const letGo = setInterval(world.letGo, 5);
  await Promise.all([...running, ...next]);
  clearInterval(letGo);
  expect(world.started).toEqual(["1", "2", "3", "4"]);
});
