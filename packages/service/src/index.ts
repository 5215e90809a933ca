export {
  type ClockReading,
  checkClock,
  checksOf,
  clockOfAnswer,
  failedCheck,
  okCheck,
  skippedCheck,
  warningCheck,
} from "./checks.ts";
export { baseEnv, ConfigError, envValue, parseEnv } from "./config.ts";
export { type DescribedError, describeError } from "./describe-error.ts";
export { createGrpcClient, type GrpcClient } from "./grpc-client.ts";
export { createGrpcServer, type GrpcServer } from "./grpc-server.ts";
export { createInFlightGate, type InFlightGate, type InFlightLimit } from "./in-flight-gate.ts";
export { type InFlightLimits, inFlightLimits } from "./in-flight-limit.ts";
export { createLogger, type Logger } from "./logger.ts";
export { maskContacts, maskPhone } from "./mask.ts";
export { parseRequest } from "./parse-request.ts";
export { reportRefusals } from "./report-refusals.ts";
export { type RunningServer, runService } from "./run-service.ts";
