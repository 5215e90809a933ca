import { readFileSync } from "node:fs";

/**
 * `node --import skewed-clock.ts`: the clock of this one process is wrong by as many milliseconds as the file that
 * CLOCK_SHIFT_FILE names says, looked at ten times a second. Timers, which run by the monotonic clock, are as ever.
 */
const file = process.env.CLOCK_SHIFT_FILE ?? "";
const RealDate = Date;
let shift = 0;

function look(): void {
  try {
    shift = Number(readFileSync(file, "utf8")) || 0;
  } catch {
    shift = 0; // no file: the clock is right
  }
}

look();
setInterval(look, 100).unref();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: [], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + shift] : args, newTarget),
  apply: () => new RealDate(RealDate.now() + shift).toString(),
  get: (target, name, receiver) =>
    name === "now" ? () => RealDate.now() + shift : Reflect.get(target, name, receiver),
});
