import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceName } from "@bookproof/launcher";
import pg from "pg";
import type { Strike } from "./plan.ts";
import type { RealWorld } from "./real-world.ts";

/** A fault that struck. Times in ms since the epoch. */
export interface Struck {
  strike: Strike;
  at: number;
  /** When it was over, and whoever was struck was there again. */
  healedAt: number;
  /** Of a kill: until it listened again. */
  backAfterMs?: number;
}

/** How long a cut waits for its COMMIT. */
const commitMs = 5_000;
const restartMs = 20_000;

/** @returns whether there was such a process */
function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/** Carries out one fault, to its end. @returns undefined where there was nothing to strike at that moment */
export async function carryOut(real: RealWorld, strike: Strike): Promise<Struck | undefined> {
  const at = Date.now();
  const over = (more: Partial<Struck> = {}): Struck => ({ strike, at, healedAt: Date.now(), ...more });
  switch (strike.fault) {
    case "kill": {
      const backAfterMs = await killService(real, strike.service);
      return backAfterMs === undefined ? undefined : over({ backAfterMs });
    }
    case "postgres_restart": {
      // It may be down already, struck for another journey, and its file still there.
      if (!signalled(real.postgresPid(), "SIGKILL")) return undefined;
      return over({ backAfterMs: await untilBack(at, () => answers(real.world.databaseUrl)) });
    }
    case "kafka_down": {
      const kafka = real.kafka();
      if (kafka?.pid === undefined) return undefined;
      if (!signalled(kafka.pid, "SIGKILL")) return undefined;
      const isBack = async () => real.kafka()?.pid !== kafka.pid && (await listens(kafka.brokers));
      return over({ backAfterMs: await untilBack(at, isBack) });
    }
    case "pause": {
      const pid = real.world.service(strike.service).pid();
      if (pid === undefined) return undefined;
      if (!signalled(pid, "SIGSTOP")) return undefined;
      await sleep(strike.ms);
      if (real.world.service(strike.service).pid() === pid) signalled(pid, "SIGCONT");
      return over();
    }
    case "half_open": {
      const wire = real.wires.wire(strike.service, strike.end);
      if (!wire) return undefined;
      wire.freeze();
      await sleep(strike.ms);
      wire.thaw();
      return over();
    }
    case "commit_cut": {
      const cutAt = await real.wires.cutNextCommit(strike.service, strike.when, commitMs);
      return cutAt === undefined ? undefined : over({ at: cutAt });
    }
    case "clock_jump": {
      real.shiftClock(strike.service, strike.shiftMs);
      await sleep(strike.ms);
      real.shiftClock(strike.service, 0);
      return over();
    }
  }
}

async function killService(real: RealWorld, name: ServiceName): Promise<number | undefined> {
  const service = real.world.service(name);
  const dead = service.pid();
  if (dead === undefined) return undefined;
  const at = Date.now();
  service.kill();
  return untilBack(at, async () => service.pid() !== dead && (await listens(real.world.addresses[name])));
}

async function untilBack(since: number, isBack: () => Promise<boolean>): Promise<number> {
  while (!(await isBack())) {
    if (Date.now() - since > restartMs) throw new Error(`nothing was started again within ${restartMs} ms`);
    await sleep(10);
  }
  return Date.now() - since;
}

function listens(address: string): Promise<boolean> {
  const [host = "", port = ""] = address.split(":");
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => resolve(true));
    socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });
}

async function answers(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 500 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false; // not yet
  } finally {
    await client.end().catch(() => undefined);
  }
}
