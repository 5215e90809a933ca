import { understandWhen } from "../understand-when.ts";
import type { When } from "../when.ts";
import { chooseAgain, chooseOpening } from "./choose-opening.ts";
import { findIntroducedAddress, findStreetAddress, readAddress } from "./customer-address.ts";
import { findIntroducedName, readName } from "./customer-name.ts";
import type { DialogueState, Opening, Step } from "./dialogue-state.ts";
import type { OfferingProfile, TenantProfile } from "./dialogue-types.ts";
import { namedOffering } from "./named-offering.ts";
import { cleanText, plainText } from "./plain-text.ts";
import { requestedOffering } from "./requested-offering.ts";
import * as words from "./words-en.ts";

export type Control = "human" | "change_appointment" | "drop" | "start_over";
const TOPICS = ["price", "duration", "services", "hours", "elsewhere"] as const;
export type Topic = (typeof TOPICS)[number];
export type Social =
  | "greeting"
  | "thanks"
  | "help"
  | "affirm"
  | "reject"
  | "other_time"
  | "other_name"
  | "other_address"
  | "almost_confirm";

/** What one message says. */
export interface Message {
  /** The whole message is CONFIRM. */
  confirm: boolean;
  /** There is not one letter or digit in it. */
  wordless: boolean;
  control?: Control;
  offering?: OfferingProfile;
  when?: When;
  choice?: Opening;
  shift?: "later" | "earlier";
  /** It speaks of booking, in whatever way. */
  books: boolean;
  /** It asks whether a time is free, and no more. */
  asksOnly: boolean;
  name?: string;
  address?: string;
  topics: Topic[];
  social?: Social;
}

export interface MessageContext {
  tenant: TenantProfile;
  state: DialogueState;
  /** What the customer was asked for before this message. */
  expecting: Step;
  now: Date;
}

/**
 * CONFIRM as the whole message: trimmed, any case, trailing punctuation and emoji dropped. "CONFIRM?" is a question
 * and "confirm please" is not the whole message; neither books.
 */
export function isConfirm(text: string): boolean {
  const word = cleanText(text)
    .toLowerCase()
    .replace(/^["']|[^\p{L}\p{N}?\u061f]+$/gu, "");
  return word === words.CONFIRM_WORD;
}

/** Reads one message in the light of what was asked. Never throws, whatever the text is. */
export function understandMessage(text: string, ctx: MessageContext): Message {
  const plain = plainText(text);
  const blank: Message = { confirm: false, wordless: plain === "", books: false, asksOnly: false, topics: [] };
  if (isConfirm(text)) return { ...blank, confirm: true };
  if (plain === "") return readSigns(text, blank);
  if (words.HUMAN.test(plain)) return { ...blank, control: "human" };

  const person = readPerson(text, ctx);
  const rest = plainText(person.rest);
  // "See you tomorrow at 2" asks for nothing.
  if (words.GOODBYE.test(rest)) return { ...blank, ...person.found, social: "thanks" };
  const wish = readWish(person.rest, ctx);
  const message: Message = { ...blank, ...person.found, ...wish, books: words.BOOKING.test(rest) };
  const asked = Boolean(wish.when ?? wish.offering ?? wish.choice ?? wish.shift);
  const control = readControl(rest, ctx, asked);
  if (control) return { ...message, control };
  // "Hi Smile Dental" is a greeting.
  const social = readSocial(plainText(rest.replace(ctx.tenant.name.toLowerCase(), "")), asked);
  const topics = readTopics(rest, wish);
  const answered = asked || social !== undefined || topics.length > 0 || Object.keys(person.found).length > 0;
  return {
    ...message,
    ...(answered ? {} : readAnswer(text, ctx)),
    ...(social && { social }),
    topics,
  };
}

/** Emoji, "?" or nothing at all. */
function readSigns(text: string, blank: Message): Message {
  if (words.AFFIRM_EMOJI.test(text)) return { ...blank, social: "affirm" };
  return text.includes("?") ? { ...blank, social: "help" } : blank;
}

/** Name and address, where the message itself says that they are; `rest` is what remains. */
function readPerson(text: string, { state, expecting, tenant }: MessageContext) {
  const found: { name?: string; address?: string } = {};
  let rest = cleanText(text);
  const wantsAddress = expecting === "asking_address" || requestedOffering(tenant, state).needsAddress;
  const address = findIntroducedAddress(rest) ?? (wantsAddress ? findStreetAddress(rest) : undefined);
  if (address) {
    // The answer to "which address?" is the whole of it, not only what looks like a street.
    const whole = expecting === "asking_address" && !words.MOVE_WORDS.test(plainText(rest)) && readAddress(rest);
    found.address = whole || address.address;
    rest = whole ? "" : address.rest;
  }
  const name = findIntroducedName(rest);
  if (name) {
    found.name = name.name;
    rest = name.rest;
  } else if (expecting === "asking_name" && (address || words.MONTH_AS_NAME.test(rest))) {
    const beside = readName(rest.replace(/[\s,;]+$/, ""));
    if (beside) return { found: { ...found, name: beside }, rest: "" };
  }
  return { found, rest };
}

/** The answer to the question for a name or an address, where the message is nothing else. */
function readAnswer(text: string, { expecting }: MessageContext): { name?: string; address?: string } {
  if (expecting === "asking_name") {
    const name = readName(text);
    return name ? { name } : {};
  }
  const asks = text.includes("?") || words.ASKS.test(plainText(text));
  const address = expecting === "asking_address" && !asks ? readAddress(text) : undefined;
  return address ? { address } : {};
}

interface Wish {
  asksOnly?: boolean;
  choice?: Opening;
  when?: When;
  offering?: OfferingProfile;
  shift?: "later" | "earlier";
}

/** What is wanted and when. */
function readWish(text: string, { tenant, state, expecting, now }: MessageContext): Wish {
  const plain = plainText(text);
  const choice =
    expecting === "choosing_opening"
      ? chooseOpening(text, { openings: state.openings, tenant, now })
      : chooseAgain(text, state.openings);
  if (choice) return { choice };
  const asksPerson = expecting === "asking_name" || expecting === "asking_address";
  const { timeZone, workingHours } = tenant;
  const expectTime = expecting === "choosing_time";
  // A bare number answers the question for a time, and no other.
  const bare = asksPerson && /^\d+$/.test(plain);
  const when = bare
    ? undefined
    : understandWhen(text, { now, timeZone, workingHours, previous: state.when, expectTime });
  const inAddress = expecting === "asking_address" && /\d/.test(plain) && !when;
  const offering = inAddress ? undefined : namedOffering(text, tenant.offerings);
  const shift = when || asksPerson ? undefined : readShift(plain);
  const asksOnly = words.ASKS_AVAILABILITY.test(plain) && !words.COMMITS.test(plain);
  return { asksOnly, ...(when && { when }), ...(offering && { offering }), ...(shift && { shift }) };
}

function readShift(plain: string): "later" | "earlier" | undefined {
  if (words.LATER.test(plain) || words.TOO_EARLY.test(plain)) return "later";
  return words.EARLIER.test(plain) ? "earlier" : undefined;
}

function readControl(plain: string, { state, now }: MessageContext, asked: boolean): Control | undefined {
  if (words.START_OVER.test(plain)) return "start_over";
  const open = state.step !== "idle" && state.step !== "confirming";
  const appointment = words.HAVE_APPOINTMENT.test(plain);
  if (words.CANCEL.test(plain)) {
    if (appointment || !open) return "change_appointment";
    return asked ? undefined : "drop";
  }
  if (words.RESCHEDULE.test(plain) && (!open || (appointment && !asked))) return "change_appointment";
  // "Actually Friday", said of what is booked.
  const upcoming = !open && state.booked !== undefined && new Date(state.booked.start) > now;
  if (upcoming && words.MOVE_WORDS.test(plain) && !words.NEW_BOOKING.test(plain)) return "change_appointment";
  return words.DROP.test(plain) && !asked ? "drop" : undefined;
}

function readSocial(plain: string, asked: boolean): Social | undefined {
  if (words.REJECT.test(plain)) return words.THANKS.test(plain) ? "thanks" : "reject";
  if (asked) return undefined;
  if (words.OTHER_TIME.test(plain)) return "other_time";
  if (words.OTHER_NAME.test(plain)) return "other_name";
  if (words.OTHER_ADDRESS.test(plain)) return "other_address";
  if (words.THANKS.test(plain)) return "thanks";
  if (words.AFFIRM.test(plain)) return "affirm";
  if (words.GREETING.test(plain)) return "greeting";
  if (words.HELP.test(plain)) return "help";
  return words.ALMOST_CONFIRM.test(plain) ? "almost_confirm" : undefined;
}

function readTopics(plain: string, { when, offering }: Wish): Topic[] {
  const topics: Record<Topic, boolean> = {
    price: words.PRICE.test(plain),
    duration: words.DURATION.test(plain),
    // "Different service: whitening" asks for no list.
    services: words.SERVICES.test(plain) && !offering,
    hours: words.HOURS.test(plain) && when?.time === undefined,
    elsewhere: words.ELSEWHERE.test(plain),
  };
  return TOPICS.filter((topic) => topics[topic]);
}
