import type { FiredFault, TwilioLedger } from "@bookproof/simulators";
import type { VendorLedgers } from "./history.ts";

/** Base URLs of the simulators' control sides. */
export interface LedgerUrls {
  twilioUrl: string;
  googleUrl: string;
  mailboxUrl?: string;
}

/** Reads what the vendors' stand-ins took in, over their control routes: the same whether they run in this process or not. */
export async function readLedgers({ twilioUrl, googleUrl, mailboxUrl }: LedgerUrls): Promise<VendorLedgers> {
  const [messages, calls, callbacks, webhooks, refused, faults, events, writes, mails] = await Promise.all([
    read<{ messages: VendorLedgers["messages"] }>(twilioUrl, "messages"),
    read<{ calls: VendorLedgers["calls"] }>(twilioUrl, "calls"),
    read<{ callbacks: VendorLedgers["callbacks"] }>(twilioUrl, "callbacks"),
    read<{ webhooks: ReturnType<TwilioLedger["webhooks"]> }>(twilioUrl, "webhooks"),
    read<{ refused: VendorLedgers["refused"] }>(twilioUrl, "refused"),
    read<{ fired: FiredFault[] }>(twilioUrl, "faults"),
    read<{ events: VendorLedgers["events"] }>(googleUrl, "events"),
    read<{ writes: VendorLedgers["writes"] }>(googleUrl, "writes"),
    mailboxUrl === undefined ? { mails: [] } : read<{ mails: VendorLedgers["mails"] }>(mailboxUrl, "mails"),
  ]);
  return {
    ...{ ...messages, ...calls, ...callbacks, ...webhooks, ...refused },
    ...{ ...events, ...writes, ...mails },
    twilioFaults: faults.fired,
  };
}

/** The routes are those of packages/simulators, whose own types they answer in. */
async function read<T>(base: string, what: string): Promise<T> {
  const answer = await fetch(`${base}/_sim/${what}`);
  if (!answer.ok) throw new Error(`the ledger ${base}/_sim/${what} answered ${answer.status}`);
  return (await answer.json()) as T;
}
