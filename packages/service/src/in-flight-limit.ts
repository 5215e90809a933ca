import type { CallContext, ServerMiddlewareCall } from "nice-grpc-common";
import type { Logger } from "pino";
import { createInFlightGate, type InFlightLimit } from "./in-flight-gate.ts";
import { reportRefusals } from "./report-refusals.ts";

/** The classes of calls that a server lets in; none waits behind another. */
export type CallClass = "prompt" | "confirm" | "ordinary";

/**
 * How many calls of each class may be in flight: `prompt` are short ones that others depend on (intake, outcomes, alerts,
 * proofs), `confirm` carries a CONFIRM out, `ordinary` are all others.
 */
export type InFlightLimits = Readonly<Record<CallClass, InFlightLimit>>;

/**
 * More run at once than a service's Postgres pool has connections, since most of a call is spent elsewhere; fewer than would
 * wait for a connection for longer than the pool's 3 s. What queues costs a few kilobytes each.
 */
export const inFlightLimits: InFlightLimits = {
  prompt: { running: 32, waiting: 1_000 },
  confirm: { running: 128, waiting: 1_000 },
  ordinary: { running: 128, waiting: 2_500 },
};

/**
 * Bounds the calls in flight. Beyond the limit a call is refused at once as `overloaded`; a queued call whose deadline has
 * passed, or whose caller is gone, never runs.
 * @param options.classOf a method's class by its name, e.g. `ReceiveSms`; a method that is not in it is `ordinary`
 */
export function inFlightLimit(options: {
  limits: InFlightLimits;
  classOf: ReadonlyMap<string, CallClass>;
  logger: Logger;
}) {
  const { limits, classOf, logger } = options;
  const gateOf = (name: CallClass) => createInFlightGate(limits[name], reportRefusals(logger, `${name} calls`));
  const gates = { prompt: gateOf("prompt"), confirm: gateOf("confirm"), ordinary: gateOf("ordinary") };
  return async function* limitInFlight<Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext,
  ) {
    const method = call.method.path.slice(call.method.path.lastIndexOf("/") + 1);
    // The deadline aborts the signal as well.
    const leave = await gates[classOf.get(method) ?? "ordinary"].enter({ signal: context.signal });
    try {
      return yield* call.next(call.request, context);
    } finally {
      leave();
    }
  };
}
