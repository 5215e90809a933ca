import type {
  CallbackEntry,
  CallEntry,
  EventEntry,
  FiredFault,
  MailEntry,
  MessageEntry,
  RefusedEntry,
  VapiExchange,
  WebhookEntry,
  WriteEntry,
} from "@bookproof/simulators";

/** A tenant as the test set it up: what its history is read and judged by. Phones E.164. */
export interface HistoryTenant {
  id: string;
  name: string;
  /** IANA name. */
  timeZone: string;
  twilioAccountSid: string;
  phoneNumbers: string[];
  /** Owner, VIP and hot lead phones: whoever gets alerts. */
  ownerPhones: string[];
  ownerEmail: string;
  calendars: HistoryCalendar[];
}

/** `ledger`: the calendar's id at Google, or undefined for a built-in calendar, whose own table is the ledger. */
export interface HistoryCalendar {
  id: string;
  ledger: string | undefined;
}

/** Something said about a booking other than by text: a voice tool's answer, an API's answer, a page. `at` in ms. */
export interface Statement {
  channel: "voice" | "api" | "page";
  at: number;
  text: string;
  /** Whom it is about where that is known: an appointment's id, and the customer's phone. */
  appointmentId?: string;
  customer?: string;
}

/** All times are milliseconds since the epoch; a Postgres time is cut to the millisecond. */
export interface AppointmentRow {
  id: string;
  calendarId: string;
  startAt: number;
  endAt: number;
  status: "pending" | "confirmed" | "failed" | "cancelled";
  calendarEventId: string;
  insertOk: boolean;
  /** What the calendar is known to show instead; "" where it agrees. */
  drift: string;
  holdId: string;
  customerPhone: string;
  createdAt: number;
  updatedAt: number;
}

export interface HoldRow {
  id: string;
  calendarId: string;
  status: "held" | "kept" | "confirmed" | "expired" | "released";
  /** With buffers. */
  busyFrom: number;
  busyTo: number;
  expiresAt: number;
  customerPhone: string;
}

export interface AttemptRow {
  id: string;
  holdId: string;
  appointmentId: string;
  kind: "book" | "move" | "cancel";
  /** What it was to book or move to; of a cancellation what it was to cancel. */
  startAt: number;
  endAt: number;
  cid: string;
  messageSid: string;
  status: "started" | "confirmed" | "failed";
  reason: string;
  cause: string;
  customerPhone: string;
  calendarId: string;
  calendarEventId: string;
  createdAt: number;
  deadlineAt: number;
  endedAt: number | undefined;
}

export interface ConversationRow {
  id: string;
  customerPhone: string;
  tenantPhone: string;
  cid: string;
  stage: string;
  needsHuman: boolean;
  needsHumanAt: number | undefined;
}

export interface InboundRow {
  messageSid: string;
  from: string;
  to: string;
  body: string;
  disposition: "accepted" | "reaction_ignored" | "blocked" | "opt_out_recorded" | "left_to_human";
  cid: string;
  receivedAt: number;
  readAt: number | undefined;
}

export interface OutgoingRow {
  id: string;
  key: string;
  cid: string;
  escalationId: string | undefined;
  appointmentId: string | undefined;
  recipient: "customer" | "owner";
  channel: "sms" | "voice" | "email";
  kind: string;
  to: string;
  from: string;
  sentBody: string | undefined;
  status: string;
  providerSid: string | undefined;
  providerStatus: string;
  createdAt: number;
}

export interface EscalationRow {
  id: string;
  attemptId: string | undefined;
  cid: string;
  reason: string;
  ref: string;
  status: "open" | "alerted" | "undeliverable" | "resolved";
  round: number;
  customerPhone: string;
  createdAt: number;
  resolvedAt: number | undefined;
}

export interface OptOutRow {
  phone: string;
  optedOut: boolean;
  changedAt: number;
}

export interface TraceRow {
  id: number;
  cid: string;
  stage: string;
  reason: string;
  from: string;
  to: string;
  direction: string;
  service: string;
  /** "" where the row tells of none, as in `messageSid`. */
  attemptId: string;
  messageSid: string;
  at: number;
}

export interface CallRow {
  callId: string;
  cid: string;
  customerPhone: string;
  needsHuman: boolean;
  holdId: string | undefined;
  appointmentId: string | undefined;
}

/** A built-in calendar's event, from the calendar's own table. */
export interface BuiltinEventRow {
  calendarId: string;
  id: string;
  appointmentId: string;
  startAt: number;
  endAt: number;
  live: boolean;
  createdAt: number;
  updatedAt: number;
}

/** Our tables: claims to be checked, never proof. */
export interface TenantTables {
  appointments: AppointmentRow[];
  holds: HoldRow[];
  attempts: AttemptRow[];
  conversations: ConversationRow[];
  inbound: InboundRow[];
  outgoing: OutgoingRow[];
  escalations: EscalationRow[];
  optOuts: OptOutRow[];
  traces: TraceRow[];
  calls: CallRow[];
  builtinEvents: BuiltinEventRow[];
}

/** What Twilio, Google and the mailbox took in, of all tenants: outside the system under test. */
export interface VendorLedgers {
  messages: MessageEntry[];
  calls: CallEntry[];
  callbacks: CallbackEntry[];
  /** How our webhook answered to inbound texts. */
  webhooks: WebhookEntry[];
  refused: RefusedEntry[];
  twilioFaults: FiredFault[];
  events: EventEntry[];
  writes: WriteEntry[];
  mails: MailEntry[];
}

/** Everything that is known of one tenant's run. `ledgers` are shared by the tenants of one reading. */
export interface TenantHistory {
  tenant: HistoryTenant;
  /** The other tenants of the same world, to see what crosses. */
  others: HistoryTenant[];
  tables: TenantTables;
  ledgers: VendorLedgers;
  voice: VapiExchange[];
  statements: Statement[];
}
