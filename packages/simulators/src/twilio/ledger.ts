import type { CallbackEntry, CallEntry, MessageEntry, RefusedEntry, WebhookEntry } from "./ledger-entry.ts";
import { appendToLedgerFile, type LedgerLine, readLedgerFile } from "./ledger-file.ts";
import { createOptOuts } from "./opt-outs.ts";

/** Every field that is present must hold. `direction` "outbound" means both kinds of it. */
export type MessageFilter = {
  accountSid?: string | undefined;
  to?: string | undefined;
  from?: string | undefined;
  direction?: "inbound" | "outbound" | undefined;
};

/** What Twilio took in, whatever the client came to know of it. Lists are copies, oldest first. */
export type TwilioLedger = {
  messages(filter?: MessageFilter): MessageEntry[];
  message(sid: string): MessageEntry | undefined;
  calls(): CallEntry[];
  call(sid: string): CallEntry | undefined;
  callbacks(): CallbackEntry[];
  /** How our webhook answered to inbound texts. */
  webhooks(): WebhookEntry[];
  refused(): RefusedEntry[];
  optOuts(): { customer: string; number: string }[];
  /** Hears every new or changed message and call. Returns the way to stop. */
  subscribe(listener: (line: LedgerLine) => void): () => void;
};

/** The ledger with the side the simulator writes through. */
export type WritableTwilioLedger = TwilioLedger & {
  /** Adds it, or replaces the one of the same sid. */
  putMessage(entry: MessageEntry): void;
  putCall(entry: CallEntry): void;
  addCallback(entry: CallbackEntry): void;
  addWebhook(entry: WebhookEntry): void;
  addRefused(entry: RefusedEntry): void;
  isOptedOut(customer: string, number: string): boolean;
};

/** Opens a ledger, from `file` (JSON lines) where one is given. */
export function openTwilioLedger(file?: string): WritableTwilioLedger {
  const messages = new Map<string, MessageEntry>();
  const calls = new Map<string, CallEntry>();
  const callbacks: CallbackEntry[] = [];
  const webhooks: WebhookEntry[] = [];
  const refused: RefusedEntry[] = [];
  const optOuts = createOptOuts();
  const listeners = new Set<(line: LedgerLine) => void>();

  function keep(line: LedgerLine): void {
    if (line.kind === "call") {
      calls.set(line.entry.sid, line.entry);
      return;
    }
    const { from, direction } = line.entry;
    if (direction === "inbound" && from !== null) optOuts.hear({ ...line.entry, from });
    messages.set(line.entry.sid, line.entry);
  }

  function put(line: LedgerLine): void {
    keep(line);
    if (file !== undefined) appendToLedgerFile(file, line);
    for (const listener of listeners) listener(line);
  }

  if (file !== undefined) readLedgerFile(file).forEach(keep);

  return {
    messages: (filter = {}) => [...messages.values()].filter((entry) => passes(entry, filter)),
    message: (sid) => messages.get(sid),
    calls: () => [...calls.values()],
    call: (sid) => calls.get(sid),
    callbacks: () => [...callbacks],
    webhooks: () => [...webhooks],
    refused: () => [...refused],
    optOuts: () => optOuts.list(),
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    putMessage: (entry) => put({ kind: "message", entry }),
    putCall: (entry) => put({ kind: "call", entry }),
    addCallback: (entry) => {
      callbacks.push(entry);
    },
    addWebhook: (entry) => {
      webhooks.push(entry);
    },
    addRefused: (entry) => {
      refused.push(entry);
    },
    isOptedOut: (customer, number) => optOuts.isOptedOut(customer, number),
  };
}

function passes(entry: MessageEntry, filter: MessageFilter): boolean {
  if (filter.accountSid !== undefined && filter.accountSid !== entry.accountSid) return false;
  if (filter.to !== undefined && filter.to !== entry.to) return false;
  if (filter.from !== undefined && filter.from !== entry.from) return false;
  return filter.direction === undefined || (filter.direction === "inbound") === (entry.direction === "inbound");
}
