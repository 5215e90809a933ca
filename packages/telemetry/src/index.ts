export { baggageHeader, cidFromBaggage } from "./baggage.ts";
export {
  currentCid,
  currentJourney,
  currentTenantId,
  type Journey,
  joinJourney,
  learnJourney,
  runApart,
  runInJourney,
  runWithCid,
} from "./journey.ts";
export {
  countAttempt,
  countCalendarError,
  countClaimBlocked,
  countHoldConflict,
  countMessage,
  countStage,
  observeQueue,
  observeSyncAge,
  type QueueState,
  recordEscalationLatency,
  recordTool,
} from "./measurements.ts";
export { currentTraceparent, linkToTraces, markFailed, runInSpan } from "./run-in-span.ts";
export { markSpan, spanAttributes } from "./span-attributes.ts";
export { stopTelemetry } from "./stop-telemetry.ts";
