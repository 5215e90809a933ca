import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ServiceName, serviceNames } from "@bookproof/launcher";
import { textJourney } from "../faults/level-c/journeys/text-journey.ts";
import { openRealWorld, type RealWorld } from "../faults/level-c/real-world.ts";
import { customerSource } from "../faults/level-c/run-round.ts";

/** What works for a booking: the five services, and Postgres with all its processes. */
export const workers = [...serviceNames, "postgres"] as const;
export type Worker = (typeof workers)[number];
/** Milliseconds of one core. */
export type CpuMs = Record<Worker, number>;

/** /proc counts in ticks of 10 ms on every Linux that Node runs on. */
const tickMs = 10;
const idleMs = 10_000;
const atOnce = 4;

/**
 * What one booking by text (the request to the confirmation, an event at Google) costs each worker, and what each spends a second with
 * nothing to do. Real processes on this machine; Linux alone.
 */
export async function measureCpuPerBooking(bookings: number): Promise<{ perBooking: CpuMs; idlePerSecond: CpuMs }> {
  const real = await openRealWorld({ businesses: 4, kafka: false, onLine: () => undefined });
  try {
    await book(real, 0, bookings / 4); // what is compiled once is not a booking's
    const idle = await during(real, () => sleep(idleMs));
    const began = performance.now();
    const busy = await during(real, () => book(real, bookings, bookings));
    const lasted = performance.now() - began;
    const of = (of: (worker: Worker) => number) => Object.fromEntries(workers.map((name) => [name, of(name)])) as CpuMs;
    return {
      perBooking: of((name) => Math.max(0, busy[name] - (idle[name] * lasted) / idleMs) / bookings),
      idlePerSecond: of((name) => (idle[name] * 1_000) / idleMs),
    };
  } finally {
    await real.close();
  }
}

async function book(real: RealWorld, first: number, count: number): Promise<void> {
  const newCustomer = customerSource(real, real.businesses, first);
  const customers = Array.from({ length: count }, () => newCustomer(false));
  const next = customers.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const customer of next) await textJourney(customer);
    }),
  );
  const notBooked = customers.filter(({ confirmedAt }) => confirmedAt === undefined);
  if (notBooked.length > 0) throw new Error(`${notBooked.length} of ${count} customers did not come to CONFIRM`);
}

async function during(real: RealWorld, work: () => Promise<void>): Promise<CpuMs> {
  const before = cpuOf(real);
  await work();
  const after = cpuOf(real);
  return Object.fromEntries(workers.map((name) => [name, after[name] - before[name]])) as CpuMs;
}

function cpuOf(real: RealWorld): CpuMs {
  const service = (name: ServiceName) => spentBy(real.world.service(name).pid() ?? 0).ms;
  return {
    ...(Object.fromEntries(serviceNames.map((name) => [name, service(name)])) as Record<ServiceName, number>),
    postgres: spentByAll(real.postgresPid()),
  };
}

/** Of a server with its children, those that have ended included. */
function spentByAll(pid: number): number {
  const children = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && parentOf(Number(entry)) === pid);
  const own = spentBy(pid);
  return own.ms + own.endedChildrenMs + children.reduce((sum, child) => sum + spentBy(Number(child)).ms, 0);
}

/** The fields of proc(5), from the third on: a name in brackets may hold anything. */
function statOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) . /s, "")
      .split(" ")
      .map(Number);
  } catch {
    return []; // it has ended meanwhile
  }
}

const parentOf = (pid: number) => statOf(pid)[0];

function spentBy(pid: number): { ms: number; endedChildrenMs: number } {
  const stat = statOf(pid);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = stat.slice(10, 14);
  return { ms: (user + system) * tickMs, endedChildrenMs: (childrenUser + childrenSystem) * tickMs };
}
