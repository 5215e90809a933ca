import {
  baggageHeader,
  cidFromBaggage,
  currentCid,
  currentJourney,
  joinJourney,
  learnJourney,
} from "@bookproof/telemetry";
import { trace } from "@opentelemetry/api";
import {
  type CallContext,
  type CallOptions,
  type ClientMiddlewareCall,
  Metadata,
  type ServerMiddlewareCall,
} from "nice-grpc-common";
import { z } from "zod";

/** In the trailer a service tells its caller which journey the call turned out to belong to. */
const cidTrailer = "cid";

/** Where requests name their tenant. */
const tenantSchema = z.object({ tenantId: z.guid() });
const requestSchema = z.union([
  tenantSchema,
  z.object({ caller: tenantSchema }).transform(({ caller }) => caller),
  z.object({ event: tenantSchema }).transform(({ event }) => event),
  z.object({ tenant: z.object({ id: z.guid() }) }).transform(({ tenant }) => ({ tenantId: tenant.id })),
]);
const tenantOf = (request: unknown) => requestSchema.safeParse(request).data?.tenantId;

/**
 * Runs a call in the journey its caller sent as baggage, for the tenant its request names, and tells the caller the cid that it was
 * found to have. Unary calls only: one response, one context.
 */
export async function* serverJourneyPropagation<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
) {
  const told = { cid: cidFromBaggage(context.metadata.get("baggage")), tenantId: tenantOf(call.request) };
  const steps = joinJourney(told, () => call.next(call.request, context));
  while (true) {
    const step = await joinJourney(told, async () => {
      try {
        return await steps.next();
      } finally {
        const found = currentCid();
        if (found && !told.cid) context.trailer.set(cidTrailer, found);
      }
    });
    if (step.done) return step.value;
    yield step.value;
  }
}

/** Sends the current cid along as baggage; where there is none yet, learns it from the service that finds it out. */
export async function* clientJourneyPropagation<Request, Response>(
  call: ClientMiddlewareCall<Request, Response>,
  options: CallOptions,
) {
  const journey = currentJourney();
  const span = trace.getActiveSpan();
  const metadata = Metadata(options.metadata);
  if (journey.cid) metadata.set("baggage", baggageHeader(journey.cid));
  return yield* call.next(call.request, {
    ...options,
    metadata,
    onTrailer(trailer) {
      options.onTrailer?.(trailer);
      learnJourney({ cid: trailer.get(cidTrailer) }, journey, span);
    },
  });
}
