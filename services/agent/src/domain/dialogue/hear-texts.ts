import type { When } from "../when.ts";
import { type DialogueState, type Opening, type Step, withoutRequest } from "./dialogue-state.ts";
import type { TenantProfile } from "./dialogue-types.ts";
import { requestedOffering } from "./requested-offering.ts";
import { type Message, type Social, type Topic, understandMessage } from "./understand-message.ts";

const OBJECTIONS = new Set<Social | undefined>(["reject", "other_time", "other_name", "other_address"]);

/** What all unread texts say together, in their order. */
export interface Heard {
  /** The state with every fact said; its step is still the one before the turn. */
  state: DialogueState;
  human: boolean;
  changeAppointment: boolean;
  /** The request was given up, or begun anew, and nothing was asked for since. */
  left?: "drop" | "start_over" | undefined;
  choice?: Opening | undefined;
  shift?: "later" | "earlier" | undefined;
  /** A new day, time or offering. */
  asked: boolean;
  /** Whether it was a question for availability only. */
  asksOnly: boolean;
  books: boolean;
  /** A day, time or offering was named that is the one talked about already. */
  repeats: boolean;
  /** A name or an address that is new. */
  introduced: boolean;
  topics: Set<Topic>;
  /** The day a question for opening hours is about. */
  hoursOn?: When | undefined;
  social?: Social | undefined;
  /** A "no", or a word of what is to be changed. */
  objects: boolean;
  confirm: "no" | "counts" | "does not count";
  /** Nothing but emoji, or empty. */
  wordless: boolean;
}

/** Reads all unread texts of a conversation as one turn of the customer. */
export function hearTexts(input: { tenant: TenantProfile; state: DialogueState; texts: string[]; now: Date }): Heard {
  const { tenant, now } = input;
  const heard: Heard = {
    state: input.state,
    human: false,
    changeAppointment: false,
    asked: false,
    asksOnly: false,
    books: false,
    repeats: false,
    introduced: false,
    objects: false,
    topics: new Set(),
    confirm: "no",
    wordless: true,
  };
  let expecting = input.state.step;
  for (const text of input.texts) {
    const message = understandMessage(text, { tenant, state: heard.state, expecting, now });
    hear(heard, message);
    expecting = expectedAfter(message, expecting, heard.state, tenant);
  }
  // CONFIRM is an answer to what was offered, and to nothing that was said since.
  if (heard.confirm === "counts" && (input.state.step !== "awaiting_confirm" || changes(heard))) {
    heard.confirm = "does not count";
  }
  return heard;
}

function hear(heard: Heard, message: Message): void {
  heard.wordless &&= message.wordless;
  if (message.confirm) heard.confirm = "counts";
  else if (heard.confirm === "counts") heard.confirm = "does not count";
  heard.human ||= message.control === "human";
  heard.changeAppointment ||= message.control === "change_appointment";
  if (message.control === "drop" || message.control === "start_over") leave(heard, message.control);
  for (const topic of message.topics) heard.topics.add(topic);
  if (message.social) heard.social = message.social;
  heard.objects ||= OBJECTIONS.has(message.social);
  if (message.control !== "change_appointment") hearWish(heard, message);
  hearPerson(heard, message);
}

function leave(heard: Heard, how: "drop" | "start_over"): void {
  heard.state = how === "drop" ? withoutRequest(heard.state) : { ...withoutRequest(heard.state), missed: 0 };
  Object.assign(heard, { left: how, choice: undefined, shift: undefined, asked: false, books: false });
}

function hearWish(heard: Heard, { when, offering, choice, shift, books, asksOnly, topics }: Message): void {
  const { state } = heard;
  // "How much is whitening?" while another offering is being booked is a question, and "are you open on Friday?" is no request.
  if (topics.includes("hours")) heard.hoursOn = when;
  const onlyTopic = topics.length > 0 && !books && (when === undefined || topics.includes("hours"));
  const newOffering = offering && offering.id !== state.offeringId && !(onlyTopic && state.hold);
  if (newOffering) heard.state = { ...heard.state, offeringId: offering.id };
  if (choice) heard.choice = choice;
  if (shift) heard.shift = shift;
  if (when && !onlyTopic) {
    if (!state.hold || state.step === "choosing_opening" || !sameWhen(when, state.when)) heard.asked = true;
    heard.state = { ...heard.state, when };
    Object.assign(heard, { choice: undefined, shift: undefined });
  }
  if (newOffering && !onlyTopic) heard.asked = true;
  if ((when || offering) && !heard.asked) heard.repeats = true;
  if (books && topics.length === 0) heard.books = true;
  if (choice || shift || (when && !onlyTopic)) heard.asksOnly = asksOnly;
  if (choice || shift || heard.asked || heard.books) heard.left = undefined;
}

function hearPerson(heard: Heard, { name, address }: Message): void {
  const { state } = heard;
  if (name && name !== state.name) Object.assign(heard, { introduced: true, state: { ...state, name } });
  if (address && address !== state.address) {
    Object.assign(heard, { introduced: true, state: { ...heard.state, address } });
  }
}

/** What the next of several texts most likely answers. */
function expectedAfter(message: Message, expecting: Step, state: DialogueState, tenant: TenantProfile): Step {
  if (message.control === "drop" || message.control === "start_over") return "idle";
  if (message.choice) return state.name ? expecting : "asking_name";
  if (expecting === "asking_name" && message.name) {
    return requestedOffering(tenant, state).needsAddress && !state.address ? "asking_address" : "awaiting_confirm";
  }
  return expecting;
}

function changes(heard: Heard): boolean {
  const stopped = heard.human || heard.changeAppointment || heard.left !== undefined || heard.objects;
  return stopped || heard.asked || heard.introduced || heard.choice !== undefined || heard.shift !== undefined;
}

function sameWhen(a: When, b: When | undefined): boolean {
  return JSON.stringify([a.date, a.time]) === JSON.stringify([b?.date, b?.time]);
}
