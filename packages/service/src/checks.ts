import { reasonOf, reasons } from "@bookproof/errors";
import { type Check, CheckStatus } from "@bookproof/proto/doctor";
import type { Logger } from "pino";

export const okCheck = (name: string, detail: string): Check => ({
  name,
  status: CheckStatus.CHECK_STATUS_OK,
  detail,
  whatToDo: "",
});

/** Customers can be served, but not as well as they might be. */
export const warningCheck = (name: string, detail: string, whatToDo: string): Check => ({
  name,
  status: CheckStatus.CHECK_STATUS_WARNING,
  detail,
  whatToDo,
});

/** A customer would be failed. */
export const failedCheck = (name: string, detail: string, whatToDo: string): Check => ({
  name,
  status: CheckStatus.CHECK_STATUS_FAILED,
  detail,
  whatToDo,
});

/** Not looked at: it is not used, or what it builds on has failed. */
export const skippedCheck = (name: string, detail: string): Check => ({
  name,
  status: CheckStatus.CHECK_STATUS_SKIPPED,
  detail,
  whatToDo: "",
});

/**
 * Checks that come from one piece of work, which may throw: then they are one failed check. What was thrown is logged, and told by
 * its reason alone, since vendors' texts may hold what must not be shown.
 * @param whatToDo where the work throws
 * @param withinMs after which the work counts as thrown; it is not ended
 */
export async function checksOf(
  name: string,
  options: { whatToDo: string; withinMs: number; logger: Logger },
  work: () => Promise<Check | Check[]>,
): Promise<Check[]> {
  const { whatToDo, withinMs, logger } = options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Check>((resolve) => {
    const seconds = Math.round(withinMs / 1_000);
    timer = setTimeout(() => resolve(failedCheck(name, `No answer within ${seconds} s.`, whatToDo)), withinMs);
  });
  try {
    return [await Promise.race([work(), late])].flat();
  } catch (error) {
    logger.warn({ err: error, check: name }, "[CHECK_FAILED] a check of the doctor could not be carried out");
    const { says } = reasons[reasonOf(error)];
    return [failedCheck(name, says, whatToDo)];
  } finally {
    clearTimeout(timer);
  }
}

/** From here on a clock's difference is worth a word, and from here on it breaks signatures and deadlines. In milliseconds. */
const differs = 5_000;
const breaks = 60_000;

/** Another clock's time, and by how much it may be wrong, in milliseconds. */
export interface ClockReading {
  at: Date;
  precisionMs: number;
}

/**
 * Compares this process's clock with another. The time that the answer took counts for neither.
 * @param options.clock whose clock it is, e.g. "the database's"
 * @param options.service whose machine is to be looked at where they differ
 * @param read the other clock
 */
export async function checkClock(
  options: { clock: string; service: string; now?: () => number },
  read: () => Promise<ClockReading>,
): Promise<Check> {
  const { clock, service, now = Date.now } = options;
  const name = `clock against ${clock}`;
  const began = now();
  const { at, precisionMs } = await read();
  const ended = now();
  const aheadMs = (began + ended) / 2 - at.getTime();
  const surelyOff = Math.max(0, Math.abs(aheadMs) - (ended - began) / 2 - precisionMs);
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  const detail = `The clock of ${service} is ${seconds} s ${aheadMs < 0 ? "behind" : "ahead of"} ${clock}.`;
  const whatToDo = `Let NTP set the clock of the machine that runs ${service}, and that of the other side if it is yours.`;
  if (surelyOff < differs) return okCheck(name, `Less than ${differs / 1_000} s apart.`);
  return surelyOff <= breaks ? warningCheck(name, detail, whatToDo) : failedCheck(name, detail, whatToDo);
}

/** The clock of an HTTP answer: whole seconds, so half a second is added. @returns undefined where the header is none */
export function clockOfAnswer(dateHeader: string | null | undefined): ClockReading | undefined {
  const at = Date.parse(dateHeader ?? "");
  return Number.isNaN(at) ? undefined : { at: new Date(at + 500), precisionMs: 500 };
}
