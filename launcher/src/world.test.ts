import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, startTestKafka } from "@bookproof/testing";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import pg from "pg";
import { repositoryRoot } from "./repository.ts";
import { serviceNames } from "./service-names.ts";
import { type Launched, launch, launcherCommand, processesOf } from "./test/launch.ts";
import { startWorld, type World } from "./world.ts";
import { readWorldFile } from "./world-file.ts";

// Some tests start the whole system twice.
jest.setTimeout(120_000);

const NOBODY = 65_534;
const tenantsFile = join(repositoryRoot, "tenants.example.yaml");

let home = "";
let dataDir = "";
const launched: Launched[] = [];
const worlds: World[] = [];

beforeEach(() => {
  // mkdtemp makes it 0700: what runs as another user must not need to walk through it.
  home = realpathSync(mkdtempSync(join(tmpdir(), "launcher-home-")));
  dataDir = join(home, "data");
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
  for (const { child, exited } of launched.splice(0)) {
    child.kill("SIGKILL");
    await exited;
  }
  await gone();
  rmSync(home, { recursive: true, force: true, maxRetries: 10 });
});

function start(command = launcherCommand(), env: NodeJS.ProcessEnv = {}): Launched {
  const process = launch(command, dataDir, env);
  launched.push(process);
  return process;
}

/** Fails unless every process of the data directory is gone within two seconds. */
async function gone(): Promise<void> {
  const world = readWorldFile(dataDir);
  await eventually("no process of the world", () => processesOf(dataDir, world).length === 0, 2_000);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

const commandOf = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();

function listens(address: string): Promise<boolean> {
  const [host = "", port] = address.split(":");
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => resolve(true));
    socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });
}

describe("npm start", () => {
  test("is ready within 15 s, says where everything is, and keeps what it knows to its owner", async () => {
    const began = performance.now();
    // As the first time on a machine, with nothing compiled yet.
    const { untilReady, output } = start(launcherCommand(), { NODE_COMPILE_CACHE: undefined });
    const world = await untilReady();
    expect(performance.now() - began).toBeLessThan(15_000);
    expect((await fetch(`${world.gatewayUrl}/readyz`)).status).toBe(200);
    expect(output()).toMatch(/Console +http:\/\/localhost:\d+\/\?token=\w{48}/);
    expect(output()).toMatch(/Smile Dental +\+15550100001/);
    expect(output()).toMatch(/SMILE_TWILIO_AUTH_TOKEN=\w{32}/);
    expect(statSync(join(dataDir, "world.json")).mode & 0o777).toBe(0o600);
    expect(Object.keys(world.services).sort()).toEqual([...serviceNames].sort());
    const commands = processesOf(dataDir, world).map(commandOf);
    for (const name of serviceNames)
      expect(commands).toContain(
        `${process.execPath} --import @bookproof/telemetry/register services/${name}/src/main.ts`,
      );
    expect(commands.join()).toContain("twilio-main");
  });

  test("SIGINT ends everything within 10 s with exit code 0; the data stays until --fresh", async () => {
    const first = start();
    const world = await first.untilReady();
    await query(world.databaseUrl, "CREATE TABLE survivor ()");
    const began = performance.now();
    first.child.kill("SIGINT");
    expect(await first.exited).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(processesOf(dataDir, world)).toEqual([]);
    expect(readWorldFile(dataDir)).toBeUndefined();
    const again = await start(launcherCommand("--fresh")).untilReady();
    expect(await query(again.databaseUrl, "SELECT to_regclass('survivor')")).toEqual([null]);
  });

  test("SIGINT in the middle of a start leaves nothing either", async () => {
    const { child, exited } = start();
    await eventually("a first process", () => processesOf(dataDir, undefined).length > 0);
    child.kill("SIGINT");
    expect(await exited).toBe(0);
    expect(processesOf(dataDir, undefined)).toEqual([]);
  });

  test("kill -9 of the launcher leaves no process behind, and the next start has all data", async () => {
    const first = start();
    const world = await first.untilReady();
    await query(world.databaseUrl, "CREATE TABLE survivor AS SELECT 7 AS n");
    first.child.kill("SIGKILL");
    await first.exited;
    await gone();
    const again = await start().untilReady();
    expect(await query(again.databaseUrl, "SELECT n FROM survivor")).toEqual([7]);
    expect(await query(again.databaseUrl, "SELECT count(*)::int FROM booking.tenants")).toEqual([2]);
  });

  test("--kafka runs a Kafka as well: started again when it dies, gone with the launcher, its data kept", async () => {
    // The first start of all fetches the jars, which takes longer than this test lets a launcher take.
    await (await startTestKafka()).stop();
    const first = start(launcherCommand("--kafka"));
    const { kafka } = await first.untilReady();
    expect(first.output()).toContain(`Kafka     ${kafka?.brokers}\n`);
    process.kill(kafka?.pid ?? 0, "SIGKILL");
    const again = await eventually(
      "another Kafka",
      () => {
        const now = readWorldFile(dataDir)?.kafka;
        return now?.pid !== undefined && now.pid !== kafka?.pid && now;
      },
      30_000,
    );
    expect(again.brokers).toBe(kafka?.brokers);
    expect(await listens(again.brokers)).toBe(true);
    first.child.kill("SIGKILL");
    await first.exited;
    await gone();
    const second = start(launcherCommand("--kafka"));
    const world = await second.untilReady();
    second.child.kill("SIGINT");
    expect(await second.exited).toBe(0);
    expect(processesOf(dataDir, world)).toEqual([]);
    expect(readdirSync(join(dataDir, "kafka"))).toContain("log");
  }, 300_000);

  test("--kafka uses the Kafka that KAFKA_BROKERS names, and is ready although it is away", async () => {
    const { untilReady, output } = start(launcherCommand("--kafka"), { KAFKA_BROKERS: "127.0.0.1:9" });
    expect((await untilReady()).kafka).toEqual({ brokers: "127.0.0.1:9" });
    await eventually(
      "what both do without it",
      () => /notifier \[KAFKA\].*/.test(output()) && /booking \[KAFKA\]/.test(output()),
    );
    expect(existsSync(join(dataDir, "kafka"))).toBe(false);
  });

  test("kill -9 of npm ends everything", async () => {
    const npm = start(["npm", "start", "--silent"]);
    const world = await npm.untilReady();
    npm.child.kill("SIGKILL");
    await eventually("no process of the world", () => processesOf(dataDir, world).length === 0);
  });

  const asRoot = process.getuid?.() === 0 && statSync(repositoryRoot).mode & 0o005 ? test : test.skip;
  asRoot("works for a plain user in a home that is closed to others", async () => {
    chownSync(home, NOBODY, NOBODY);
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const plain = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
    const { child, exited, untilReady } = start([...plain, ...launcherCommand()]);
    const world = await untilReady();
    expect(statSync(`/proc/${world.services.booking?.pid}`).uid).toBe(NOBODY);
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
    expect(processesOf(dataDir, world)).toEqual([]);
  });
});

describe("a start that cannot be", () => {
  test.each([
    [{ GATEWAY_PORT: "http" }, "GATEWAY_PORT must be a port, 0 to 65535"],
    [{ BOOKPROOF_TENANTS: "/nowhere.yaml" }, "The tenant file /nowhere.yaml cannot be read: there is no such file."],
    [{ SANDBOX: "false" }, /^Tenant "Smile Dental": .* SMILE_TWILIO_AUTH_TOKEN, which is not set\.$/],
    [{ DATABASE_URL: "postgres://127.0.0.1:1/x" }, /^The database could not be prepared: .*ECONNREFUSED.*\.$/],
  ])("%j is one line and exit code 1", async (env, line) => {
    const { exited, output } = start(launcherCommand(), env);
    expect(await exited).toBe(1);
    expect(output().trimEnd()).toMatch(line);
    expect(output().trimEnd().split("\n")).toHaveLength(1);
  });

  test("--kafka without Java is one line that says what to install, and nothing is left running", async () => {
    const { exited, output } = start(launcherCommand("--kafka"), { PATH: "/nowhere" });
    expect(await exited).toBe(1);
    expect(output()).toBe(
      "Kafka needs Java, and there is no java: install Java 17 or newer (on Debian: apt-get install openjdk-17-jre-headless).\n",
    );
    expect(processesOf(dataDir, undefined)).toEqual([]);
  });

  test("a taken GATEWAY_PORT is one line and exit code 1", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    const address = await eventually("a port", () => server.address() ?? undefined);
    const port = typeof address === "object" ? address.port : 0;
    const { exited, output } = start(launcherCommand(), { GATEWAY_PORT: String(port) });
    expect(await exited).toBe(1);
    expect(output()).toBe(
      `GATEWAY_PORT ${port} is taken or not allowed: stop what listens there, or choose another.\n`,
    );
    server.close();
  });

  test("a variable that a service refuses is named, and nothing is left running", async () => {
    const { exited, output } = start(launcherCommand(), { INTERNAL_BLOCKLIST_E164: "me" });
    expect(await exited).toBe(1);
    expect(output()).toMatch(/(agent|notifier) does not start: INTERNAL_BLOCKLIST_E164\b.*\n$/);
    expect(processesOf(dataDir, undefined)).toEqual([]);
  });
});

describe("a world in this process", () => {
  const startHere = async (env: NodeJS.ProcessEnv = {}) => {
    const world = await startWorld({ dataDir, tenantsFile, env: { LOG_LEVEL: "warn", ...env } });
    worlds.push(world);
    return world;
  };

  test("starts a killed service again within a second, on the same address, and notes its number", async () => {
    const world = await startHere();
    for (const name of serviceNames) {
      const service = world.service(name);
      const before = service.pid();
      service.kill();
      const after = await eventually(
        `another ${name}`,
        () => (service.pid() === before ? undefined : service.pid()),
        1_000,
      );
      await eventually(`${name} listens again`, () => listens(world.addresses[name]));
      expect(service.pid()).toBe(after);
      expect(readWorldFile(dataDir)?.services[name]).toEqual({ pid: after, addr: world.addresses[name] });
    }
  });

  test("starts Postgres again when it is killed", async () => {
    const world = await startHere();
    const started = () => query(world.databaseUrl, "SELECT pg_postmaster_start_time()::text");
    const [first] = await started();
    const [lockFile] = await query(world.databaseUrl, "SELECT pg_read_file('postmaster.pid')");
    process.kill(Number.parseInt(String(lockFile), 10), "SIGKILL");
    await eventually("a new Postgres", async () => {
      const [now] = await started().catch(() => [first]);
      return now !== first;
    });
  });

  test("has a mailbox for what the notifier mails, unless SMTP_URL names a server", async () => {
    const world = await startHere();
    const read = await fetch(`${world.mailboxUrl}/_sim/mails`);
    expect([read.status, await read.json()]).toEqual([200, { mails: [] }]);
    const notifier = readFileSync(`/proc/${world.service("notifier").pid()}/environ`, "utf8").split("\0");
    expect(notifier).toContainEqual(expect.stringMatching(/^SMTP_URL=smtp:\/\/127\.0\.0\.1:\d+$/));
    await worlds.pop()?.stop();
    expect((await startHere({ SMTP_URL: "smtp://mail.example" })).mailboxUrl).toBeUndefined();
  });

  test("uses the phones that TWILIO_BASE_URL names, and starts none of its own", async () => {
    const world = await startHere({ TWILIO_BASE_URL: "http://127.0.0.1:9/", SANDBOX: "true" });
    expect(world.twilioBaseUrl).toBe("http://127.0.0.1:9");
    expect(Object.keys(world.generatedSecrets)).toContain("SMILE_TWILIO_AUTH_TOKEN");
    expect(processesOf(dataDir, readWorldFile(dataDir)).map(commandOf).join()).not.toContain("twilio-main");
  });
});
