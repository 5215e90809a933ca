import { answerEmptyConfirm, answerRequest } from "./answer-request.ts";
import { answerTopics } from "./answer-topics.ts";
import { confirmHold } from "./confirm-hold.ts";
import { type DialogueState, type Hold, withoutHold, withoutRequest } from "./dialogue-state.ts";
import type { Turn, TurnInput, TurnResult } from "./dialogue-types.ts";
import { goOn, isHolding } from "./go-on.ts";
import { type Heard, hearTexts } from "./hear-texts.ts";
import { offerFound } from "./offer-openings.ts";
import { handOver, say, withLead } from "./say.ts";
import { searchShifted } from "./search-openings.ts";
import { smallTalk } from "./small-talk.ts";
import { takeOpening } from "./take-opening.ts";
import { LONGEST_TEXT, texts } from "./words-en.ts";

export { settleConfirm } from "./confirm-hold.ts";
export {
  type DialogueState,
  dialogueStateSchema,
  initialDialogueState,
  type Opening,
  readDialogueState,
} from "./dialogue-state.ts";
export type * from "./dialogue-types.ts";

// By then the attempt of a CONFIRM has ended, whatever happened to the word of it.
const CONFIRMING_FOR_MS = 15 * 60_000;

/**
 * One turn of the rules dialogue: reads all unread texts, does what they ask for with the tools, and answers once.
 *
 * Nothing here claims a booking: a CONFIRM that succeeded is answered with `booked`, whose words are the notifier's.
 * Throws only what the tools throw; the state passed in is not changed, so the turn can be run again.
 */
export async function takeTurn(input: TurnInput): Promise<TurnResult> {
  const { tenant, now, tools } = input;
  const state = settled(input.state, now);
  if (state.step === "confirming" && state.hold) {
    return whileConfirming({ tenant, state, now, tools }, state.hold, input.texts);
  }
  const heard = hearTexts({ tenant, state, texts: input.texts, now });
  const turn: Turn = { tenant, state: heard.state, now, tools };
  if (input.media && heard.wordless) return goOn({ ...turn, lead: texts.media() });
  if (heard.human || heard.changeAppointment) {
    return handOver(withoutOldOffer(turn, heard), { text: texts.human(), reason: "human_requested" });
  }
  if (heard.confirm === "counts" && state.hold) return confirmHold(turn, state.hold);
  if (heard.left === "drop") return say(turn, withoutRequest(turn.state), texts.dropped());
  if (heard.left)
    return say(turn, withoutRequest(turn.state), texts.startOver(tenant.offerings.map(({ name }) => name)));
  return respond(turn, heard);
}

/** After "make it Friday, and let me talk to a human" the summary shown before must not be confirmed any more. */
function withoutOldOffer(turn: Turn, { asked, objects }: Heard): Turn {
  const stands = !isHolding(turn.state) || !(asked || objects);
  return stands ? turn : { ...turn, state: { ...turn.state, step: "choosing_time" } };
}

/**
 * While a CONFIRM is under way nothing else is begun. Asking booking again is harmless (the same hold is the same
 * attempt) and gives its outcome; only where the customer has changed their mind it is left to run out by itself.
 */
function whileConfirming(turn: Turn, hold: Hold, said: string[]): Promise<TurnResult> | TurnResult {
  const { state, tenant, now } = turn;
  const heard = hearTexts({ tenant, state, texts: said, now });
  if (heard.human) return handOver(turn, { text: texts.human(), reason: "human_requested" });
  if (!heard.asked && !heard.changeAppointment && heard.left === undefined) return confirmHold(turn, hold);
  return { ...say(turn, state, texts.finalizing()), stage: "CONFIRM" };
}

/** A question is answered first, then the dialogue goes on from where it is. */
async function respond(turn: Turn, heard: Heard): Promise<TurnResult> {
  const { state, tenant } = turn;
  const answer = heard.topics.size > 0 ? answerTopics(turn, heard.topics, heard.hoursOn) : undefined;
  const going = { ...turn, ...(answer && { lead: answer }) };
  if (heard.choice) return takeOpening(going, heard.choice);
  if (heard.shift && (isHolding(state) || state.step === "choosing_opening")) {
    return offerFound(going, await searchShifted(going, heard.shift));
  }
  const wantsOpenings = heard.books || heard.shift !== undefined;
  if (heard.asked || (wantsOpenings && (state.step === "idle" || state.step === "choosing_time"))) {
    return answerRequest(going, heard.asksOnly);
  }
  if (heard.introduced && isHolding(state)) return goOn(going);
  if (answer) return answerAndGoOn(turn, { answer, asksServices: heard.topics.has("services") });
  if (heard.introduced) return goOn({ ...turn, lead: state.name ? texts.noted(state.name) : texts.notedAddress() });
  if (heard.confirm === "does not count" || heard.social === "almost_confirm") {
    return answerEmptyConfirm(heard.confirm === "no" ? { ...turn, lead: texts.onlyConfirm() } : turn);
  }
  if (heard.repeats && heard.social === undefined) return goOn(turn);
  return smallTalk(turn, { social: heard.social, offerings: tenant.offerings.map(({ name }) => name) });
}

async function answerAndGoOn(turn: Turn, said: { answer: string; asksServices: boolean }): Promise<TurnResult> {
  const { state } = turn;
  if (state.step === "idle") return say(turn, state, withLead(said.answer, texts.askBriefly()));
  if (said.asksServices) return say(turn, state, withLead(said.answer, texts.whichService()));
  const next = await goOn(turn);
  return next.reply.kind === "text"
    ? { ...next, reply: { kind: "text", text: answerWith(said.answer, next.reply.text) } }
    : next;
}

/** The answer to a question must not be what is left out where both would be too long. */
function answerWith(answer: string, reminder: string): string {
  return answer.length + reminder.length < LONGEST_TEXT ? withLead(answer, reminder) : answer;
}

/** A CONFIRM whose outcome never came back is left to the humans who were alerted. */
function settled(state: DialogueState, now: Date): DialogueState {
  const overdue = state.hold && now.getTime() - Date.parse(state.hold.expiresAt) > CONFIRMING_FOR_MS;
  return state.step === "confirming" && overdue ? withoutHold(withoutRequest(state)) : state;
}
