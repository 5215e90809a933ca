import { type Client, type CompatServiceDefinition, createChannel, createClientFactory } from "nice-grpc";
import { type DeadlineOptions, deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { type RetryOptions, retryMiddleware } from "nice-grpc-client-middleware-retry";
import { Status } from "nice-grpc-common";
import { errorDetailsClientMiddleware } from "nice-grpc-error-details";
import { openTelemetryClientMiddleware } from "nice-grpc-opentelemetry";
import { clientErrorTranslation } from "./error-translation.ts";
import { clientJourneyPropagation } from "./journey-propagation.ts";

export type GrpcClient<Definition extends CompatServiceDefinition> = Client<Definition, DeadlineOptions & RetryOptions>;

/**
 * A client of one service at host:port. Every call has a deadline (5 s unless said) and, since every RPC of ours is
 * idempotent by key, a call that found nobody listening is tried again within it.
 * Errors thrown: BookproofError with the reason the server threw, or `unavailable`.
 */
export function createGrpcClient<Definition extends CompatServiceDefinition>(
  definition: Definition,
  address: string,
  options: { deadlineMs?: number } = {},
): { client: GrpcClient<Definition>; close(): void } {
  const channel = createChannel(address, undefined, {
    "grpc.initial_reconnect_backoff_ms": 50,
    // nice-grpc's limit of one attempt to connect, whatever the name says: a busy peer needs more than a blink to answer.
    "grpc.min_reconnect_backoff_ms": 2_000,
    "grpc.max_reconnect_backoff_ms": 500,
    // Replicas come and go; after 30 s, the library's own limit, the only address that it knows may be gone.
    "grpc.dns_min_time_between_resolutions_ms": 1_000,
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 3_000,
    "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  });
  // Attached last is outermost: translation sees what the deadline and the retries leave over.
  const client = createClientFactory()
    .use(openTelemetryClientMiddleware())
    .use(clientJourneyPropagation)
    .use(errorDetailsClientMiddleware)
    .use(retryMiddleware)
    .use(deadlineMiddleware)
    .use(clientErrorTranslation)
    .create(definition, channel, {
      "*": {
        deadline: options.deadlineMs ?? 5_000,
        retry: true,
        retryBaseDelayMs: 50,
        retryMaxDelayMs: 500,
        retryMaxAttempts: 20,
        // Never RESOURCE_EXHAUSTED: a service that is too busy is not asked the same at once again.
        retryableStatuses: [Status.UNAVAILABLE],
      },
    });
  return { client, close: () => channel.close() };
}
