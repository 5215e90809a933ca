import type { MessageEntry } from "@bookproof/simulators";
import type { OutgoingRow } from "../history.ts";
import type { Violation } from "../verdict.ts";
import type { Context } from "./context.ts";
import { isTakenIn } from "./intake.ts";
import { couldNotBeFoundOut, type Sent } from "./unknown-sends.ts";

/** 7: no text of a customer is lost, none is taken in or answered twice, and none stays unread without a human. */
export function nothingLost(context: Context): Violation[] {
  return [...lost(context), ...takenTwice(context), ...unread(context), ...sentTwice(context)];
}

function lost(context: Context): Violation[] {
  context.counts.texts = context.inbound.length;
  return context.inbound.flatMap(({ sid, body, acceptedAt }) => {
    const fate = isTakenIn(context, sid);
    if (fate === "refused") context.counts.refusedTexts += 1;
    return fate === "lost" ? [violation(sid, `"${body}" was acknowledged to Twilio, and is nowhere`, acceptedAt)] : [];
  });
}

function takenTwice({ history }: Context): Violation[] {
  const { inbound } = history.tables;
  return inbound
    .filter((row, place) => inbound.findIndex(({ messageSid }) => messageSid === row.messageSid) < place)
    .map(({ messageSid, receivedAt }) => violation(messageSid, "the text was taken in twice", receivedAt));
}

function unread({ history, options }: Context): Violation[] {
  const { inbound, conversations } = history.tables;
  return inbound
    .filter(({ disposition, readAt, receivedAt }) => {
      const limit = Math.max(receivedAt, options.healedAt) + options.graceMs;
      return disposition === "accepted" && readAt === undefined && options.readAt > limit;
    })
    .filter(({ from }) => !conversations.some(({ customerPhone, needsHuman }) => customerPhone === from && needsHuman))
    .map(({ messageSid, body, receivedAt }) =>
      violation(messageSid, `"${body}" was never read, and no human was called`, receivedAt),
    );
}

/** Each text that Twilio accepted is the one of a row; a second one of the same row is a second answer. */
function sentTwice(context: Context): Violation[] {
  const { outgoing } = context.history.tables;
  const texts = context.toCustomers.filter(({ direction }) => direction === "outbound-api");
  const rows = outgoing.filter(({ recipient, channel }) => recipient === "customer" && channel === "sms");
  const firstOf = new Map<OutgoingRow, MessageEntry>();
  for (const row of rows) {
    const own = texts.find(({ sid }) => sid === row.providerSid);
    if (own) firstOf.set(row, own);
  }
  const taken = new Set([...firstOf.values()].map(({ sid }) => sid));
  const extra = texts.filter(({ sid }) => !taken.has(sid));
  return extra.flatMap((text) => {
    const same = rows.filter((row) => row.to === text.to && isBodyOf(row, text.body));
    const free = same.find((row) => !firstOf.has(row) && row.providerSid === undefined);
    if (free) {
      firstOf.set(free, text);
      return [];
    }
    const first = same.flatMap((row) => firstOf.get(row) ?? [])[0];
    if (!first)
      return [violation(text.sid, `"${text.body}" was sent to ${text.to}, and no row tells of it`, text.acceptedAt)];
    const [earlier, later] = [first, text].sort((a, b) => a.acceptedAt - b.acceptedAt).map(asSent);
    if (earlier && later && couldNotBeFoundOut(context, earlier, later)) {
      context.counts.duplicateTextsAfterUnknownSends += 1;
      return [];
    }
    return [
      violation(text.sid, `"${text.body}" was sent to ${text.to} twice, though no look-up had failed`, text.acceptedAt),
    ];
  });
}

/** A one-time code is scrubbed from its row once it was sent. */
function isBodyOf({ kind, sentBody }: OutgoingRow, body: string): boolean {
  return sentBody === (kind === "otp" ? body.replace(/\d{4,}/g, "****") : body) || sentBody === body;
}

const asSent = ({ to, body, acceptedAt }: MessageEntry): Sent => ({ channel: "sms", to, text: body, at: acceptedAt });

function violation(subject: string, what: string, at: number): Violation {
  return { invariant: "nothing_lost", subject, what, at };
}
