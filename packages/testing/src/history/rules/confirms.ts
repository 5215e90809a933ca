import type { MessageEntry } from "@bookproof/simulators";
import { type Context, phonesIn } from "./context.ts";
import { slotsIn } from "./says-booked.ts";
import { voiceAnswers } from "./voice-answers.ts";

/** A customer's CONFIRM, as the vendors have it. */
export interface Confirm {
  /** The MessageSid, or the path of a voice request. */
  subject: string;
  customer: string;
  /** The time that was to be confirmed, in the words of `slotsIn`; undefined where none is known. */
  slot: string | undefined;
  at: number;
  /** The words with which it was answered at once; [] where it was answered by text alone, or not at all. */
  answers: string[];
  /** Texts to the customer from then on. */
  later: MessageEntry[];
  /** Whether the customer wrote something else close to it, so that it may not have stood alone. */
  amongOthers: boolean;
}

const wholeMessage = /^confirm[.!?,…\s]*$/i;
const asksToConfirm = /\breply confirm\b/i;
/** Texts this close to each other may be read as one turn. */
const oneTurnMs = 3_000;

/** Every CONFIRM by text: the customer's whole message, where the last text to them was a summary that asked for it. */
export function textConfirms({ inbound, toCustomers }: Context): Confirm[] {
  return inbound
    .filter(({ body }) => wholeMessage.test(body.trim()))
    .flatMap((message) => {
      const { sid: subject, from: customer, acceptedAt: at } = message;
      const texts = toCustomers.filter(({ to, from }) => to === customer && from === message.to);
      const summary = texts.findLast(({ acceptedAt }) => acceptedAt <= at);
      if (!summary || !asksToConfirm.test(summary.body)) return [];
      const others = inbound.filter(
        ({ from, to, sid, acceptedAt, body }) =>
          from === customer &&
          to === message.to &&
          sid !== subject &&
          !wholeMessage.test(body.trim()) &&
          acceptedAt >= summary.acceptedAt &&
          acceptedAt <= at + oneTurnMs,
      );
      const later = texts.filter(({ acceptedAt }) => acceptedAt > at);
      return {
        subject,
        customer,
        slot: slotsIn(summary.body)[0],
        at,
        answers: [],
        later,
        amongOthers: others.length > 0,
      };
    });
}

/** Every CONFIRM by voice: a code that Twilio had brought to the caller, given back by verify_otp. */
export function voiceConfirms({ history, toCustomers }: Context): Confirm[] {
  return voiceAnswers(history.voice)
    .filter(({ path, sent }) => path.includes("verify-otp") || sent.includes('"verify_otp"'))
    .flatMap(({ path: subject, sent, texts: answers, at }) => {
      const callers = new Set([...phonesIn(sent), ...toCustomers.map(({ to }) => to)]);
      const digits = new Set(sent.match(/(?<!\d)\d{4}(?!\d)/g));
      const code = toCustomers.findLast(
        ({ to, body, acceptedAt }) =>
          callers.has(to) &&
          acceptedAt <= at &&
          /code/i.test(body) &&
          (body.match(/\b\d{4}\b/g) ?? []).some((one) => digits.has(one)),
      );
      if (!code) return [];
      const later = toCustomers.filter(({ to, acceptedAt }) => to === code.to && acceptedAt > at);
      return { subject, customer: code.to, slot: undefined, at, answers, later, amongOthers: false };
    });
}
