import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createServer, type ServiceImplementation } from "nice-grpc";
import type { CompatServiceDefinition } from "nice-grpc/lib/service-definitions/index.js";
import { errorDetailsServerMiddleware } from "nice-grpc-error-details";
import { HealthDefinition, HealthServiceImpl, HealthState } from "nice-grpc-server-health";
import { ServerReflection, ServerReflectionService } from "nice-grpc-server-reflection";
import type { Logger } from "pino";
import { serverErrorTranslation } from "./error-translation.ts";
import { type CallClass, type InFlightLimits, inFlightLimit, inFlightLimits } from "./in-flight-limit.ts";
import { serverJourneyPropagation } from "./journey-propagation.ts";
import { serverTracing } from "./server-tracing.ts";

/** How long running calls may finish before the server is forced down, in milliseconds. */
const drainMs = 8_000;

export interface GrpcServer {
  /** Listens on host:port (port 0 = free) and reports healthy; resolves to the port. */
  listen(address: string): Promise<number>;
  /** Reports unhealthy, lets running calls finish, then forces what is left. */
  stop(): Promise<void>;
}

interface NamedMethods {
  fullName: string;
  methods: Record<string, { name: string }>;
}

/**
 * A gRPC server with one service, health, reflection, journey propagation, tracing, error translation and a limit of the calls in flight,
 * which holds for the service alone: health is always answered.
 * @param options.classes the methods whose calls are not `ordinary`, each with its class
 */
export function createGrpcServer<Definition extends CompatServiceDefinition & NamedMethods>(options: {
  definition: Definition;
  implementation: ServiceImplementation<Definition>;
  logger: Logger;
  classes?: Readonly<Partial<Record<keyof Definition["methods"] & string, CallClass>>>;
  limits?: InFlightLimits;
}): GrpcServer {
  const { definition, classes = {}, limits = inFlightLimits, logger } = options;
  const health = HealthState();
  const server = createServer({ "grpc.max_connection_age_ms": 300_000, "grpc.max_connection_age_grace_ms": 30_000 })
    .use(errorDetailsServerMiddleware)
    .use(serverJourneyPropagation)
    .use(serverTracing)
    .use(serverErrorTranslation(logger));
  const classOf = new Map(
    Object.entries<CallClass | undefined>(classes).flatMap(([method, name]) => {
      const rpc = definition.methods[method]?.name;
      return rpc && name ? [[rpc, name] as const] : [];
    }),
  );
  server.with(inFlightLimit({ limits, classOf, logger })).add(definition, options.implementation);
  server.add(HealthDefinition, HealthServiceImpl(health));
  const descriptor = readFileSync(fileURLToPath(import.meta.resolve("@bookproof/proto/descriptor")));
  server.add(ServerReflectionService, ServerReflection(descriptor, [definition.fullName]));
  return {
    async listen(address) {
      const port = await server.listen(address);
      health.setStatus("healthy");
      return port;
    },
    async stop() {
      health.setStatus("unhealthy");
      const forced = setTimeout(() => server.forceShutdown(), drainMs);
      await server.shutdown();
      clearTimeout(forced);
    },
  };
}
