import { stopTelemetry } from "@bookproof/telemetry";
import { ConfigError } from "./config.ts";
import { describeError } from "./describe-error.ts";
import { createLogger } from "./logger.ts";

/** How long a stop may take before the process ends anyway, in milliseconds. */
const stopMs = 15_000;

export interface RunningServer {
  /** Begins to serve; resolves to host:port once ready. */
  start(): Promise<string>;
  /** Drains and closes everything it opened. */
  stop(): Promise<void>;
}

/**
 * Runs one service as this process: starts it, stops it on SIGTERM and SIGINT, and, where EXIT_WITH_PARENT is true,
 * when standard input ends, which is how a launcher's death is noticed.
 */
export async function runService(
  name: string,
  create: (env: NodeJS.ProcessEnv) => Promise<RunningServer>,
): Promise<void> {
  const logger = createLogger(name, process.env.LOG_LEVEL ?? "info");
  process.on("unhandledRejection", (error) => {
    logger.fatal(
      { err: error },
      "[UNHANDLED_REJECTION] a promise failed unheard; the process ends and is started again",
    );
    process.exit(1);
  });
  // Node's own report would show all that the error carries.
  process.on("uncaughtException", (error) => {
    logger.fatal(
      { err: error },
      "[UNCAUGHT_EXCEPTION] an error was caught by nobody; the process ends and is started again",
    );
    process.exit(1);
  });
  let server: RunningServer;
  try {
    server = await create(process.env);
    const address = await server.start();
    logger.info({ address }, `[READY] ${name} listens on ${address}`);
  } catch (error) {
    if (error instanceof ConfigError) logger.fatal(`[CONFIG] ${error.message}`);
    else logger.fatal({ err: error }, `[START_FAILED] ${describeError(error).message}`);
    process.exit(1);
  }
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMs).unref();
    await server.stop();
    await stopTelemetry();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (process.env.EXIT_WITH_PARENT === "true") {
    process.stdin.on("end", stop).on("error", stop).resume();
  }
}
