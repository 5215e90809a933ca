import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";

test("where the kernel tells nobody of a parent's death, the watcher shuts the server down", async () => {
  const folder = await mkdtemp(join(tmpdir(), "run-server-"));
  const dataDir = join(folder, "data");
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `import { findBinaries, makeBinariesReachable } from ${module("./binaries.ts")};
    import { createClusterIfAbsent } from ${module("./create-cluster.ts")};
    import { findFreePorts } from ${module("./free-port.ts")};
    import { runServer } from ${module("./run-server.ts")};
    import { chooseServerAccount } from ${module("./server-account.ts")};
    const dataDir = ${JSON.stringify(dataDir)};
    const account = await chooseServerAccount(dataDir);
    const installed = await findBinaries();
    const launch = { account, binaries: account ? await makeBinariesReachable(installed, account) : installed };
    await createClusterIfAbsent(launch, { dataDir, durable: false });
    const settings = { listen_addresses: "127.0.0.1", port: (await findFreePorts(1))[0], unix_socket_directories: "" };
    const server = await runServer(launch, { dataDir, settings, log: () => {} });
    console.log("ready", server.pid);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = await once(createInterface({ input: parent.stdout }), "line");
    expect(line).toMatch(/^ready \d+$/);
    const lockFile = join(dataDir, "postmaster.pid");
    expect(existsSync(lockFile)).toBe(true);
    parent.kill("SIGKILL");
    // Postgres removes its lock file last, and only in an orderly shutdown.
    for (const deadline = Date.now() + 2_000; existsSync(lockFile) && Date.now() < deadline; ) await delay(10);
    expect(existsSync(lockFile)).toBe(false);
  } finally {
    parent.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
});
