export { baseEnv, ConfigError, envValue, parseEnv } from "./config.ts";
export { createGrpcClient, type GrpcClient } from "./grpc-client.ts";
export { createGrpcServer, type GrpcServer } from "./grpc-server.ts";
export { createInFlightGate, type InFlightGate, type InFlightLimit } from "./in-flight-gate.ts";
export { type InFlightLimits, inFlightLimits } from "./in-flight-limit.ts";
export { createLogger, type Logger, maskPhone } from "./logger.ts";
export { parseRequest } from "./parse-request.ts";
export { reportRefusals } from "./report-refusals.ts";
export { type RunningServer, runService } from "./run-service.ts";
