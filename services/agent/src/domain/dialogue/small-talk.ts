import type { DialogueState } from "./dialogue-state.ts";
import type { Turn, TurnResult } from "./dialogue-types.ts";
import { goOn } from "./go-on.ts";
import { requestedOffering } from "./requested-offering.ts";
import { say } from "./say.ts";
import type { Social } from "./understand-message.ts";
import { LONGEST_TEXT, texts } from "./words-en.ts";

/** What moves no booking: greetings, thanks, a yes or no, and what was not understood. */
export async function smallTalk(
  turn: Turn,
  heard: { social: Social | undefined; offerings: string[] },
): Promise<TurnResult> {
  const { state, tenant } = turn;
  const idle = state.step === "idle";
  switch (heard.social) {
    case "greeting":
      if (idle) return say(turn, state, texts.greeting(tenant.name, heard.offerings));
      return goOn({ ...turn, lead: texts.stillHere() });
    case "thanks":
      if (idle) return say(turn, state, texts.welcome());
      return goOn({
        ...turn,
        lead: state.step === "awaiting_confirm" ? texts.onlyConfirm() : texts.welcomeInBetween(),
      });
    case "help":
      return say(turn, state, texts.help(tenant.name, heard.offerings));
    case "affirm":
      if (idle && state.booked) return say(turn, state, texts.welcome());
      return goOn(state.step === "awaiting_confirm" ? { ...turn, lead: texts.onlyConfirm() } : turn);
    case "reject":
      return answerNo(turn);
    case "other_time":
      return idle ? goOn(turn) : askOtherTime(turn);
    case "other_name":
      return goOn(idle ? turn : { ...turn, state: forget(state, "name") });
    case "other_address":
      return goOn(idle ? turn : { ...turn, state: forget(state, "address") });
    default:
      return notUnderstood(turn);
  }
}

function answerNo(turn: Turn): TurnResult {
  const { state } = turn;
  if (state.step === "idle") return say(turn, state, texts.dropped());
  if (state.step === "awaiting_confirm") return say(turn, state, texts.whatToChange());
  return askOtherTime(turn);
}

function askOtherTime(turn: Turn): TurnResult {
  const { state, tenant } = turn;
  const offering = requestedOffering(tenant, state).name;
  return say(turn, { ...state, step: "choosing_time", openings: [] }, texts.askOtherTime(offering));
}

function forget(state: DialogueState, what: "name" | "address"): DialogueState {
  const { [what]: _forgotten, ...kept } = state;
  return kept;
}

/** Asks again in the words of the step; the second time in a row it also offers a person. */
async function notUnderstood(turn: Turn): Promise<TurnResult> {
  const { state } = turn;
  const again = await askAgain(turn);
  if (again.reply.kind !== "text") return again;
  const offersHuman = state.missed > 0;
  const text = `${again.reply.text}\n${texts.orHuman()}`;
  return {
    ...again,
    state: { ...again.state, missed: state.missed + 1 },
    reply: offersHuman && text.length <= LONGEST_TEXT ? { kind: "text", text } : again.reply,
  };
}

async function askAgain(turn: Turn): Promise<TurnResult> {
  if (turn.state.step === "asking_name") return say(turn, turn.state, texts.notAName());
  if (turn.state.step === "asking_address") return say(turn, turn.state, texts.shorterAddress());
  return goOn({ ...turn, lead: texts.notUnderstood() });
}
