import { describeError, type Logger } from "@bookproof/service";
import { type Payload, redactPayload } from "./redact-payload.ts";

/** What a line tells beside its marker; personal values are reduced to set|unset, phones to four digits. */
export type FlowLogFields = Payload;

export interface FlowLog {
  /** A step of a journey, e.g. `[BOOKING_CREATE_START]`: written only where FEATURE_TRACE_SMS is true, at level info. */
  step(cid: string, marker: string, fields?: FlowLogFields): void;
  /** A failure of a journey, e.g. `[BOOKING_CREATE_FAILED]`: level error, never gated. `error` adds err= and stack=. */
  failure(cid: string, marker: string, fields?: FlowLogFields, error?: unknown): void;
}

/** The named log lines of seed 001: `[CID:<cid>] [MARKER] key=value …`. */
export function createFlowLog(logger: Logger, enabled: boolean): FlowLog {
  const line = (cid: string, marker: string, fields: FlowLogFields) =>
    [`[CID:${cid}] [${marker}]`, ...Object.entries(fields).map(([key, value]) => `${key}=${value ?? "unset"}`)].join(
      " ",
    );
  return {
    step(cid, marker, fields = {}) {
      if (enabled) logger.info({ cid }, line(cid, marker, redactPayload(fields)));
    },
    failure(cid, marker, fields = {}, error = undefined) {
      const described = error instanceof Error ? describeError(error) : undefined;
      const { message: err, stack } = described ?? {};
      logger.error(
        { cid, ...(described && { err: error, stack }) },
        line(cid, marker, { ...redactPayload(fields), ...(err ? { err } : {}) }),
      );
    },
  };
}
