import type { TenantHistory } from "../history.ts";

/** An alert to the tenant's people that its vendor accepted. */
export interface OwnerAlert {
  /** The vendor's id of it. */
  id: string;
  channel: "sms" | "voice" | "email";
  to: string;
  text: string;
  /** Its short reference; undefined in a call, which reads none out. */
  ref: string | undefined;
  phase: "alert" | "resolved";
  /** The reason it gives; "" where it names none. */
  reason: string;
  /** Whether it was not reported as failed or undelivered. */
  arrived: boolean;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What the tenant's owner, VIP and mailbox were told, oldest first; read from the vendors' ledgers alone. */
export function ownerAlerts({ tenant, ledgers }: TenantHistory): OwnerAlert[] {
  const people = new Set(tenant.ownerPhones);
  const texts = ledgers.messages
    .filter(
      ({ direction, accountSid, to }) =>
        direction !== "inbound" && accountSid === tenant.twilioAccountSid && people.has(to),
    )
    .map(({ sid, to, body, status, acceptedAt }) =>
      readAlert(body, { id: sid, channel: "sms", to, arrived: !notArrived.has(status), at: acceptedAt }),
    );
  const calls = ledgers.calls
    .filter(({ accountSid, to }) => accountSid === tenant.twilioAccountSid && people.has(to))
    .map(({ sid, to, twiml, status, acceptedAt }) =>
      readAlert(joinDigits(twiml ?? ""), {
        id: sid,
        channel: "voice",
        to,
        arrived: !notArrived.has(status),
        at: acceptedAt,
      }),
    );
  const mails = ledgers.mails
    .filter(({ to }) => tenant.ownerEmail !== "" && to.toLowerCase() === tenant.ownerEmail.toLowerCase())
    .map(({ to, subject, text, receivedAt }, place) =>
      readAlert(`${subject} ${text}`, { id: `mail ${place}`, channel: "email", to, arrived: true, at: receivedAt }),
    );
  return [...texts, ...calls, ...mails].sort((a, b) => a.at - b.at);
}

/** Whether an alert is about a customer, E.164 or an e-mail address. A call reads the digits out without the plus. */
export const isAbout = (alert: OwnerAlert, customer: string): boolean =>
  customer !== "" && alert.text.includes(alert.channel === "voice" ? customer.replace("+", "") : customer);

/** Reasons that tell how a CONFIRM ended. */
export const endsOfAttempt: ReadonlySet<string> = new Set([
  ...["booking_failed_after_confirm", "calendar_failed_after_confirm", "booking_outcome_unknown"],
  ...["move_failed_after_confirm", "cancel_failed_after_confirm"],
]);

const notArrived: ReadonlySet<string> = new Set(["failed", "undelivered", "canceled", "busy", "no-answer"]);

function readAlert(text: string, known: Pick<OwnerAlert, "id" | "channel" | "to" | "arrived" | "at">): OwnerAlert {
  const resolved = /\bResolved ([A-Z2-9]{4})\b/.exec(text)?.[1];
  return {
    ...known,
    text,
    ref: resolved ?? /\bRef ([A-Z2-9]{4}) /.exec(text)?.[1],
    phase: resolved === undefined ? "alert" : "resolved",
    reason: /\(([a-z_]+)\)\./.exec(text)?.[1] ?? "",
  };
}

/** "1 5 5 5" as it is read out → "1555". */
function joinDigits(words: string): string {
  return words.replace(/(?<=\d) (?=\d)/g, "");
}
