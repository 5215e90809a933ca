export { createFlowLog, type FlowLog, type FlowLogFields } from "./flow-log.ts";
export { reasonLabel } from "./reason-label.ts";
export { type Payload, redactPayload } from "./redact-payload.ts";
export { createFlowTrace, type FlowTrace, type TraceSmsFlow } from "./trace-sms-flow.ts";
