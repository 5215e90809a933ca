import { isTelemetryWanted } from "./telemetry-env.ts";

// Loaded before a service (`node --import @bookproof/telemetry/register`), so that what it loads is instrumented. Without anywhere to
// send to it costs nothing.
if (isTelemetryWanted(process.env)) {
  const { startTelemetry } = await import("./start-telemetry.ts");
  await startTelemetry(process.env);
}
