import { randomBytes } from "node:crypto";
import { findFreePorts } from "@bookproof/local-postgres";
import { eventually } from "@bookproof/testing";
import pg from "pg";
import { Network, type StartedTestContainer, Wait } from "testcontainers";
import { services } from "../../deploy/docker/images.ts";
import { clinic, plumber, twilioToken, vapiSecret } from "../demo/stage.ts";
import type { Engine } from "./engine.ts";
import { LockedContainer } from "./locked-container.ts";
import { runTools } from "./run-tools.ts";
import { addresses, databaseUrl, startKafka, startPostgres } from "./servers.ts";
import { startVendors } from "./vendors.ts";

export type ContainerStage = Awaited<ReturnType<typeof openContainerStage>>;

/** On a busy machine five processes may take long to load. */
const startMs = 180_000;

/** The whole system in containers on one network, each locked as far as it goes; Twilio and Google are this process. */
export async function openContainerStage(engine: Engine) {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await open(engine, (closer) => closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(engine: Engine, atClose: (closer: () => Promise<unknown>) => void) {
  const vendors = await startVendors();
  atClose(vendors.close);
  const network = await new Network().start();
  atClose(() => network.stop());
  const [postgres] = await startAll([startPostgres(engine, network), startKafka(engine, network)], atClose);
  const migrated = await runTools(engine, network, ["migrate"], { DATABASE_URL: databaseUrl(addresses.postgres) });

  const { host } = engine.client.info.containerRuntime;
  // Twilio signs the gateway's public URL, so it is settled before there is a gateway.
  const [port = 0] = await findFreePorts(1);
  const gatewayUrl = `http://${host}:${port}`;
  const adminToken = randomBytes(24).toString("hex");
  const env = {
    ...vendors.env,
    DATABASE_URL: databaseUrl(addresses.postgres),
    KAFKA_BROKERS: addresses.kafka,
    SECRETS_KEY: randomBytes(32).toString("base64"),
    PUBLIC_URL: gatewayUrl,
  };
  const start = (target: string): Promise<StartedTestContainer> => {
    const container = new LockedContainer(engine.image(target))
      .withNetwork(network)
      .withNetworkAliases(target)
      .withEnvironment(target === "gateway" ? { ...env, BOOTSTRAP_ADMIN_TOKEN: adminToken } : env)
      .withStartupTimeout(startMs)
      .withWaitStrategy(Wait.forLogMessage("[READY]"))
      .withAutoRemove(false);
    return (target === "gateway" ? container.withExposedPorts({ container: 8080, host: port }) : container).start();
  };
  const started = await startAll(
    services.map(({ target }) => start(target)),
    atClose,
  );
  await eventually("the gateway is ready", async () => (await fetch(`${gatewayUrl}/readyz`)).ok, 60_000);
  const applied = await runTools(engine, network, ["tenant", "apply", "/tenants.yaml"], {
    PUBLIC_URL: "http://gateway:8080",
    BOOTSTRAP_ADMIN_TOKEN: adminToken,
    DEMO_TWILIO_AUTH_TOKEN: twilioToken,
    DEMO_GOOGLE_REFRESH_TOKEN: "demo-refresh-token",
    DEMO_CLINIC_VAPI_SECRET: vapiSecret(clinic),
    DEMO_PLUMBER_VAPI_SECRET: vapiSecret(plumber),
  });
  if (applied.code !== 0) throw new Error(`the tenants were not applied: ${applied.output}`);
  const { twilio, google } = vendors;
  twilio.setWebhookUrl(`${gatewayUrl}/api/twilio/sms`);
  const database = new pg.Client({ connectionString: databaseUrl(`${host}:${postgres?.getMappedPort(5432)}`) });
  await database.connect();
  atClose(() => database.end());

  const received = (phone: string) =>
    twilio.ledger.messages({ to: phone, direction: "outbound" }).map((message) => message.body);
  return {
    ...{ network, migrated, twilio, google, database, received },
    container: (target: string) => started[services.findIndex((service) => service.target === target)],
    /** Sends one text and waits for the answer. */
    async ask(from: string, to: string, body: string): Promise<string> {
      const before = received(from).length;
      await twilio.sendInbound({ from, to, body });
      return eventually(`an answer to "${body}"`, () => received(from)[before], 30_000);
    },
  };
}

/** Waits for all, also where one fails, so that each that has started is stopped. */
async function startAll(
  starting: readonly Promise<StartedTestContainer>[],
  atClose: (closer: () => Promise<unknown>) => void,
): Promise<StartedTestContainer[]> {
  await Promise.allSettled(
    starting.map(async (one) => {
      const container = await one;
      atClose(() => container.stop({ remove: true }));
    }),
  );
  return Promise.all(starting);
}
