export type { Faults, FiredFault, PlannedFault } from "./faults/fault-plan.ts";
export type { FaultRuleInput } from "./faults/fault-rule.ts";
export type { HandChange } from "./google/by-hand.ts";
export type { CalendarDeclaration } from "./google/calendars.ts";
export type { EventEntry, GoogleLedger, WriteEntry } from "./google/ledger.ts";
export type { ConsentInput } from "./google/oauth/consent.ts";
export type { OauthClient } from "./google/oauth/oauth-clients.ts";
export {
  type GoogleSimulator,
  type GoogleSimulatorOptions,
  startGoogleSimulator,
} from "./google/start-google-simulator.ts";
export type { SimulatorLog } from "./http/create-server.ts";
export { type Mailbox, type MailboxOptions, type MailEntry, startMailbox } from "./mailbox/start-mailbox.ts";
export type { MetricPoint } from "./traces/otlp-metrics.ts";
export { startTraceBackend, type TraceBackend, type TraceBackendOptions } from "./traces/start-trace-backend.ts";
export type { StoredTrace, TraceSpan } from "./traces/trace-span.ts";
export type { TwilioAccount } from "./twilio/accounts.ts";
export type { DeliveryInput } from "./twilio/delivery-plan.ts";
export type { MessageFilter, TwilioLedger } from "./twilio/ledger.ts";
export type {
  CallbackEntry,
  CallEntry,
  MessageEntry,
  MessageStatus,
  RefusedEntry,
  WebhookEntry,
} from "./twilio/ledger-entry.ts";
export { countSegments } from "./twilio/segments.ts";
export type { InboundResult, InboundText } from "./twilio/send-inbound.ts";
export {
  startTwilioSimulator,
  type TwilioSimulator,
  type TwilioSimulatorOptions,
} from "./twilio/start-twilio-simulator.ts";
export {
  createVapiCaller,
  type VapiCallEnd,
  type VapiCaller,
  type VapiCallerOptions,
  type VapiExchange,
  type VapiToolRequest,
} from "./vapi/create-vapi-caller.ts";
export type { VapiCallerCredential } from "./vapi/credential.ts";
export { type VapiToolName, type VapiToolReply, vapiToolPaths } from "./vapi/tool-reply.ts";
