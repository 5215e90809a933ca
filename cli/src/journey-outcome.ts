import type { SmsFlow } from "@bookproof/launcher/client";

export type Step = SmsFlow["traces"][number];
export type Conversation = SmsFlow["conversations"][number];

export interface JourneyOutcome {
  /** `booked`, `needs a human: <reason>`, `failed: <reason>`, `still under way` … */
  words: string;
  ended: "well" | "badly" | "openly";
  /** The step at which it went wrong: on the way only, where it ended well. */
  failing: Step | undefined;
}

/** After so long without a text a journey is over, whatever its stage. */
const silenceMs = 24 * 3_600_000;

const progress = new Set(["INBOUND", "AGENT", "TOOL", "CONFIRM"]);

/** A step that says that something went wrong: a failure, a call for a human, a tool that answered with an error. */
export const isFailing = ({ stage, payload }: Step): boolean =>
  stage.endsWith("FAILED") || stage === "NEEDS_HUMAN" || payload.ok === false;

/** A step at which words that claim a booking were stopped. */
export const isBlockedClaim = ({ stage }: Step): boolean => stage === "CLAIM_BLOCKED";

/**
 * How a journey ended, by its steps (oldest first) and by its conversation, where there is one: steps may be missing, and the word of
 * the human who settled it leaves none.
 * @param conversation its fields; empty where there is none
 */
export function journeyOutcome(steps: Step[], conversation: Conversation, now: Date): JourneyOutcome {
  const known = String(conversation.stage ?? "");
  const stage = ends(known) ? known : stageAfter(steps) || known;
  const reasonAt = (wanted: string) => steps.findLast((step) => step.stage === wanted)?.reason;
  const reason = reasonAt(stage) || String(conversation.stageReason ?? "");
  const as = (words: string, ended: JourneyOutcome["ended"]) => ({ words, ended, failing: failingStep(steps) });
  // A flag that is on its way to the conversation counts; one that a human took back leaves its stage behind.
  if (conversation.needsHuman === true || (stage === "NEEDS_HUMAN" && known !== "NEEDS_HUMAN")) {
    const booked = steps.some((step) => step.stage === "BOOKED") ? "booked, but " : "";
    return as(because(`${booked}needs a human`, reasonAt("NEEDS_HUMAN") || reason), "badly");
  }
  if (stage === "BOOKED") return as("booked", "well");
  if (stage === "NEEDS_HUMAN") return as(because("settled by a human", reason), "openly");
  if (ends(stage)) return as(because("failed", reason), "badly");
  const last = steps.at(-1);
  if (stage === "" && last?.stage === "SKIP") return as(because("left alone", last.reason), "openly");
  const silent = last !== undefined && now.getTime() - Date.parse(last.createdAt) > silenceMs;
  const hungUp = known === "" && last?.stage === "CALL_ENDED";
  return as(silent || hungUp ? "ended without a booking" : "still under way", "openly");
}

const settles = (stage: string) => stage === "BOOKED" || stage === "NEEDS_HUMAN";
const ends = (stage: string) => settles(stage) || stage.endsWith("FAILED");
const because = (words: string, reason: string) => (reason ? `${words}: ${reason}` : words);

/** The stage that steps leave a journey at, as the agent moves it: once booked or with a human it goes back to nothing before. */
function stageAfter(steps: Step[]): string {
  const moves = ({ stage, direction }: Step) => progress.has(stage) || (ends(stage) && direction !== "outbound");
  return steps.filter(moves).reduce((stage, step) => (settles(stage) && !settles(step.stage) ? stage : step.stage), "");
}

/**
 * Where it went wrong. What calls for a human, or the last failure, is the end of a stretch that began with a text or a CONFIRM; the
 * first failure in that stretch is the one that the others follow from.
 */
function failingStep(steps: Step[]): Step | undefined {
  const called = steps.findIndex(({ stage }) => stage === "NEEDS_HUMAN");
  const end = called >= 0 ? called : steps.findLastIndex((step) => isFailing(step) || isBlockedClaim(step));
  if (end < 0) return undefined;
  const before = steps.slice(0, end);
  const begin = before.findLastIndex(({ stage }) => stage === "INBOUND" || stage === "CONFIRM" || stage === "BOOKED");
  const stretch = steps.slice(begin + 1, end + 1);
  return (
    stretch.find((step) => step.stage.endsWith("FAILED") || isBlockedClaim(step)) ??
    stretch.findLast((step) => step.payload.ok === false) ??
    steps[end]
  );
}

/** What a journey was at when a step came: the last stage of its way before that step. */
export function stageBefore(steps: Step[], step: Step): string {
  return steps.slice(0, steps.indexOf(step)).findLast(({ stage }) => progress.has(stage))?.stage ?? "";
}
