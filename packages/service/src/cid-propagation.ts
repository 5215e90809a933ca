import { baggageHeader, cidFromBaggage, currentCid, runWithCid } from "@bookproof/telemetry";
import {
  type CallContext,
  type CallOptions,
  type ClientMiddlewareCall,
  Metadata,
  type ServerMiddlewareCall,
} from "nice-grpc-common";

/** Runs a call under the cid its caller sent as baggage. Unary calls only: one response, one context. */
export async function* serverCidPropagation<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
) {
  const cid = cidFromBaggage(context.metadata.get("baggage"));
  if (!cid) return yield* call.next(call.request, context);
  const steps = call.next(call.request, context);
  while (true) {
    const step = await runWithCid(cid, () => steps.next());
    if (step.done) return step.value;
    yield step.value;
  }
}

/** Sends the current cid along as baggage. */
export async function* clientCidPropagation<Request, Response>(
  call: ClientMiddlewareCall<Request, Response>,
  options: CallOptions,
) {
  const cid = currentCid();
  const metadata = Metadata(options.metadata);
  if (cid) metadata.set("baggage", baggageHeader(cid));
  return yield* call.next(call.request, { ...options, metadata });
}
