import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "@bookproof/testing";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { Kafka, logLevel } from "kafkajs";
import { type LocalKafka, startLocalKafka } from "./start-local-kafka.ts";

// The first start of all fetches the jars.
jest.setTimeout(180_000);

let folder = "";
let broker: LocalKafka | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "local-kafka-"));
});
afterEach(async () => {
  await broker?.kill();
  broker = undefined;
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

const clientOf = ({ brokers }: LocalKafka) => new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });

async function endOf(kafka: LocalKafka): Promise<string | undefined> {
  const admin = clientOf(kafka).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets("kept").finally(() => admin.disconnect());
  return partition?.high;
}

test("killed, it comes back on the same port and directory with everything that was acknowledged", async () => {
  const dataDir = join(folder, "kafka");
  broker = await startLocalKafka({ dataDir });
  const { port } = broker;
  const admin = clientOf(broker).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: "kept" }], waitForLeaders: true });
  await admin.disconnect();
  const producer = clientOf(broker).producer();
  await producer.connect();
  await producer.send({ topic: "kept", acks: -1, messages: [{ value: "one" }, { value: "two" }] });
  await producer.disconnect();
  await broker.kill();
  broker = await startLocalKafka({ dataDir, port });
  expect(broker.brokers).toBe(`127.0.0.1:${port}`);
  expect(await endOf(broker)).toBe("2");
  await broker.stop();
  await broker.exited;
  broker = await startLocalKafka({ dataDir, port });
  expect(await endOf(broker)).toBe("2");
});

test("is gone when the process that started it is killed", async () => {
  const script = `
    const { startLocalKafka } = await import(${JSON.stringify(import.meta.resolve("./index.ts"))});
    console.log((await startLocalKafka({ dataDir: ${JSON.stringify(join(folder, "kafka"))} })).pid);
    setInterval(() => {}, 1_000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [pid] = await once(createInterface({ input: parent.stdout }), "line");
  const commandOf = () => readFileSync(`/proc/${pid}/cmdline`, "utf8");
  expect(commandOf()).toContain("kafka.Kafka");
  parent.kill("SIGKILL");
  await eventually("the broker is gone", () => {
    try {
      return !commandOf().includes("kafka.Kafka");
    } catch {
      return true;
    }
  });
});

test("a start that is given up leaves no broker, and one sentence says why a start cannot be", async () => {
  const dataDir = join(folder, "kafka");
  const given = new AbortController();
  const starting = startLocalKafka({ dataDir, signal: given.signal });
  given.abort(new Error("given up"));
  await expect(starting).rejects.toThrow("given up");

  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  await expect(startLocalKafka({ dataDir, port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken.`);
  taken.close();

  const oldJava = join(folder, "java");
  writeFileSync(oldJava, "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", { mode: 0o755 });
  await expect(startLocalKafka({ dataDir, java: oldJava })).rejects.toThrow(
    `Kafka needs Java 17, and ${oldJava} is Java 11: `,
  );
  await expect(startLocalKafka({ dataDir, java: "no-such-java" })).rejects.toThrow(
    "there is no no-such-java: install Java 17",
  );
});
