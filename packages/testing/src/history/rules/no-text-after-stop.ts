import type { TenantTables } from "../history.ts";
import type { Violation } from "../verdict.ts";
import type { Context } from "./context.ts";

const stop = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const start = new Set(["START", "UNSTOP"]);
/** A text that is on its way to Twilio while STOP comes in cannot be called back. */
const onItsWayMs = 1_000;
/** Twilio's refusal of a text to one who opted out. */
const optedOut = 21610;

/** 5: nothing is sent after STOP, counted from our receipt of it, nor tried; nothing goes to a blocked number. */
export function noTextAfterStop({ history, options, toCustomers }: Context): Violation[] {
  const { ledgers, tenant, tables } = history;
  const words = wordsHeard(tables);
  const blocked = new Set([...options.blocklist, ...tenant.phoneNumbers]);
  const tried = ledgers.refused
    .filter(({ from, code }) => code === optedOut && tenant.phoneNumbers.includes(from))
    .map(({ to, body, refusedAt: at }) => ({ sid: `refused text to ${to}`, to, body, at }));
  const sent = toCustomers
    .filter(({ direction }) => direction === "outbound-api")
    .map(({ sid, to, body, acceptedAt: at }) => ({ sid, to, body, at }));
  const stopped = [...sent, ...tried].flatMap(({ sid, to, body, at }) => {
    const word = words.findLast(({ from, heardAt }) => from === to && heardAt <= at);
    if (!word || start.has(word.word) || at <= word.heardAt + onItsWayMs) return [];
    return [violation(sid, `"${body}" went to ${to} ${at - word.heardAt} ms after their ${word.word}`, at)];
  });
  const toBlocked = [
    ...ledgers.messages.filter(
      ({ direction, accountSid }) => direction !== "inbound" && accountSid === tenant.twilioAccountSid,
    ),
    ...ledgers.calls.filter(({ accountSid }) => accountSid === tenant.twilioAccountSid),
  ]
    .filter(({ to }) => blocked.has(to))
    .map(({ sid, to, acceptedAt }) => violation(sid, `something went to the blocked number ${to}`, acceptedAt));
  return [...stopped, ...toBlocked];
}

/** Opt-outs and opt-ins in the order in which we heard of them, which a sweep may do later than Twilio. */
function wordsHeard({ inbound, traces }: TenantTables): { from: string; word: string; heardAt: number }[] {
  return inbound
    .map(({ messageSid, from, body, receivedAt }) => {
      const trace = traces.find((row) => row.messageSid === messageSid && row.direction === "inbound");
      return { from, word: body.trim().toUpperCase(), heardAt: Math.max(receivedAt, trace?.at ?? 0) };
    })
    .filter(({ word }) => stop.has(word) || start.has(word))
    .sort((a, b) => a.heardAt - b.heardAt);
}

function violation(subject: string, what: string, at: number): Violation {
  return { invariant: "no_text_after_stop", subject, what, at };
}
