const STOP_WORDS = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const START_WORDS = new Set(["START", "YES", "UNSTOP"]);

/** Who must not be texted from which number, as Twilio's default opt-out handling keeps it. */
export type OptOuts = {
  /** Applies the keyword rules to an inbound text: the whole body counts, in any case. */
  hear(text: { from: string; to: string; body: string }): void;
  /** Whether `customer` has stopped texts from `number`. */
  isOptedOut(customer: string, number: string): boolean;
  /** All pairs that stand. */
  list(): { customer: string; number: string }[];
};

/** Nobody has opted out yet. */
export function createOptOuts(): OptOuts {
  const pairs = new Map<string, { customer: string; number: string }>();
  const key = (customer: string, number: string): string => `${customer} ${number}`;
  return {
    hear({ from, to, body }) {
      const word = body.trim().toUpperCase();
      if (STOP_WORDS.has(word)) pairs.set(key(from, to), { customer: from, number: to });
      if (START_WORDS.has(word)) pairs.delete(key(from, to));
    },
    isOptedOut: (customer, number) => pairs.has(key(customer, number)),
    list: () => [...pairs.values()],
  };
}
