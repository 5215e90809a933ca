import { currentCid } from "@bookproof/telemetry";
import { type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

/** JSON lines on standard output, each with the service and, inside a journey, its cid. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const cid = currentCid();
      return cid ? { cid } : {};
    },
  });
}

/** A phone number as logs may show it: its last four digits, e.g. `***0123`. */
export function maskPhone(phone: string): string {
  return phone === "" ? "" : `***${phone.slice(-4)}`;
}
