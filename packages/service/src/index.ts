export { baseEnv, ConfigError, envValue, parseEnv } from "./config.ts";
export { createGrpcClient, type GrpcClient } from "./grpc-client.ts";
export { createGrpcServer, type GrpcServer } from "./grpc-server.ts";
export { createLogger, type Logger, maskPhone } from "./logger.ts";
export { parseRequest } from "./parse-request.ts";
export { type RunningServer, runService } from "./run-service.ts";
