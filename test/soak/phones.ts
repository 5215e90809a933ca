import type { TwilioSimulator } from "@bookproof/simulators";

/** The customers' phones: each text that Twilio took for them, as it arrives. */
export interface Phones {
  /** The text after the first `seen` that a customer got. @throws the signal's reason when it aborts first */
  next(customer: string, seen: number, signal: AbortSignal): Promise<string>;
}

/** Listens to what Twilio takes in, so that thousands of customers can wait without asking. */
export function openPhones(ledger: TwilioSimulator["ledger"]): Phones {
  const texts = new Map<string, string[]>();
  const waiting = new Map<string, () => void>();
  const known = new Set<string>();
  ledger.subscribe(({ kind, entry }) => {
    // The same message comes again with each change of its status.
    if (kind !== "message" || entry.direction === "inbound" || known.has(entry.sid)) return;
    known.add(entry.sid);
    texts.set(entry.to, [...(texts.get(entry.to) ?? []), entry.body]);
    waiting.get(entry.to)?.();
  });
  return {
    async next(customer, seen, signal) {
      while (true) {
        const text = texts.get(customer)?.[seen];
        if (text !== undefined) return text;
        signal.throwIfAborted();
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(customer);
            signal.removeEventListener("abort", wake);
            resolve();
          };
          waiting.set(customer, wake);
          signal.addEventListener("abort", wake);
        });
      }
    },
  };
}
