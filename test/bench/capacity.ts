import { type CpuMs, type Worker, workers } from "./cpu-per-booking.ts";

/** How much of a core a replica is meant to use at its peak. */
const utilisation = 0.6;
/** Each service runs twice at least. */
const leastReplicas = 2;

/** Replicas of each service, of one core each, and cores of Postgres, for so many bookings in the busiest hour. */
export function coresFor(bookingsAnHour: number, perBooking: CpuMs): Record<Worker, number> {
  const cores = (worker: Worker) => ((bookingsAnHour / 3_600) * perBooking[worker]) / 1_000 / utilisation;
  return Object.fromEntries(
    workers.map((worker) => [worker, Math.max(worker === "postgres" ? 1 : leastReplicas, Math.ceil(cores(worker)))]),
  ) as Record<Worker, number>;
}
