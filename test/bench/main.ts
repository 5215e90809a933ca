import { coresFor } from "./capacity.ts";
import { type CpuMs, measureCpuPerBooking, workers } from "./cpu-per-booking.ts";
import { measureTraceWrites } from "./trace-writes.ts";

/** `npm run bench`: figures as ratios measured within one run, each against its limit, with the spread of its rounds. */
const rounds = 5;
const limit = 0.1;
const bookings = 40;
const peakHours = [100, 1_000, 10_000, 100_000, 1_000_000];

const ratios = (await measureTraceWrites(rounds)).toSorted((a, b) => a - b);
const [least = 0, median = 0, most = 0] = [ratios[0], ratios[Math.floor(ratios.length / 2)], ratios.at(-1)];
const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`;
console.log("figure                          median   least    most     limit");
console.log(
  `trace rows, part of a turn      ${[median, least, most, limit].map((value) => percent(value).padEnd(8)).join(" ")}`,
);

const columns = (title: string, cells: readonly (string | number)[]) =>
  console.log(title.padEnd(32) + cells.map((cell) => String(cell).padStart(9)).join(""));
const inMs = (cpu: CpuMs, digits: number) => workers.map((worker) => cpu[worker].toFixed(digits));
if (process.platform === "linux") {
  const { perBooking, idlePerSecond } = await measureCpuPerBooking(bookings);
  columns("\nmilliseconds of one core        ", workers);
  columns("a booking by text", inMs(perBooking, 0));
  columns("a second with nothing to do", inMs(idlePerSecond, 1));
  columns("\nbookings in the busiest hour    ", workers);
  for (const hour of peakHours) {
    const cores = coresFor(hour, perBooking);
    columns(
      hour.toLocaleString("en"),
      workers.map((worker) => cores[worker].toLocaleString("en")),
    );
  }
  console.log("replicas of one core each, and cores of Postgres, at 60 % of what they can do");
}
process.exit(median <= limit ? 0 : 1);
