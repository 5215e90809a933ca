import { parseArgs } from "node:util";

export interface SoakOptions {
  /** How long twice the sustainable rate is offered. */
  minutes: number;
  /** A file for the table; undefined for none. */
  report: string | undefined;
}

/** @throws Error naming what is wrong with the command line. */
export function readOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: { minutes: { type: "string", default: "10" }, report: { type: "string" } },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error("--minutes must be a number above 0");
  return { minutes, report: values.report };
}
