import type { MessageEntry } from "@bookproof/simulators";
import type { TenantHistory } from "../history.ts";
import type { CheckOptions, HistoryCounts, Violation } from "../verdict.ts";
import { type OwnerAlert, ownerAlerts } from "./owner-alerts.ts";

/** What every rule looks at, read from the history once. */
export interface Context {
  history: TenantHistory;
  options: Required<CheckOptions>;
  /** Filled by the rules on their way. */
  counts: HistoryCounts;
  /** Customers' texts to the tenant's numbers, as Twilio has them, oldest first. */
  inbound: (MessageEntry & { from: string })[];
  /** Texts to whoever is not the tenant's own people, as Twilio accepted them, oldest first. */
  toCustomers: MessageEntry[];
  alerts: OwnerAlert[];
}

/** One invariant, or a part of one. */
export type Rule = (context: Context) => Violation[];

export function openContext(history: TenantHistory, options: Required<CheckOptions>, counts: HistoryCounts): Context {
  const { tenant, ledgers } = history;
  const numbers = new Set(tenant.phoneNumbers);
  const people = new Set(tenant.ownerPhones);
  const byTime = [...ledgers.messages].sort((a, b) => a.acceptedAt - b.acceptedAt);
  return {
    ...{ history, options, counts },
    inbound: byTime.flatMap((message) =>
      message.direction === "inbound" && numbers.has(message.to) && message.from !== null
        ? [{ ...message, from: message.from }]
        : [],
    ),
    toCustomers: byTime.filter(
      ({ direction, accountSid, to }) =>
        direction !== "inbound" && accountSid === tenant.twilioAccountSid && !people.has(to),
    ),
    alerts: ownerAlerts(history),
  };
}

/** Whom the tenant may speak to and of: who wrote or called, and whom callers named. */
export function knownCustomers({ inbound, history }: Context): Set<string> {
  const named = history.voice.flatMap(({ sent }) => phonesIn(JSON.stringify(sent)));
  const stated = history.statements.flatMap(({ customer }) => customer ?? []);
  return new Set([...inbound.map(({ from }) => from), ...named, ...stated]);
}

/** Every number in E.164 that a text names. */
export function phonesIn(text: string): string[] {
  return text.match(/\+\d{7,15}\b/g) ?? [];
}
