import { measureTraceWrites } from "./trace-writes.ts";

/** `npm run bench`: figures as ratios measured within one run, each against its limit, with the spread of its rounds. */
const rounds = 5;
const limit = 0.1;

const ratios = (await measureTraceWrites(rounds)).toSorted((a, b) => a - b);
const [least = 0, median = 0, most = 0] = [ratios[0], ratios[Math.floor(ratios.length / 2)], ratios.at(-1)];
const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`;
console.log("figure                          median   least    most     limit");
console.log(
  `trace rows, part of a turn      ${[median, least, most, limit].map((value) => percent(value).padEnd(8)).join(" ")}`,
);
process.exit(median <= limit ? 0 : 1);
