import type { SmsFlow } from "@bookproof/launcher/client";
import { describeDuration } from "./describe-time.ts";
import { type JourneyOutcome, journeyOutcome, type Step, stageBefore } from "./journey-outcome.ts";
import { fieldList, millisBetween, stepRows } from "./step-rows.ts";
import { painter, type Terminal } from "./terminal.ts";
import { hangingLines, printable } from "./wrap-text.ts";

export interface FlowView extends Terminal {
  /** Of the times shown; absent means this machine's. */
  timeZone?: string;
  now?: Date;
}

/**
 * Journeys as people read them, apart from each other: a row a step, oldest first, then how the journey ended, how long it took and at
 * which stage it failed, then its conversation's fields. Conversations without a step to show come last.
 */
export function flowLines({ traces, conversations }: SmsFlow, view: FlowView): string[] {
  const { now = new Date(), timeZone } = view;
  const paint = painter(view);
  const rowsOf = stepRows(traces, view, timeZone);
  const line = (label: string, text: string, style: Parameters<typeof paint>[0]) => {
    const head = `  ${label}  `;
    return hangingLines({ head, column: head.length, text }, view.width, (one) => paint(style, one));
  };
  const journeys = Map.groupBy(traces, ({ cid }) => cid);
  const blocks = [...journeys].map(([cid, unsorted]) => {
    const steps = unsorted.toSorted((a, b) => millisBetween(b, a));
    const { cid: _, ...conversation } = conversations.find((one) => one.cid === cid) ?? {};
    const outcome = journeyOutcome(steps, conversation, now);
    return [
      paint("bold", printable(`journey ${cid}`)),
      ...rowsOf(steps),
      ...line("outcome", summaryOf(steps, outcome), outcomeStyles[outcome.ended]),
      ...(Object.keys(conversation).length > 0 ? line("conversation", fieldList(conversation), "dim") : []),
    ];
  });
  const others = conversations.filter(({ cid }) => !journeys.has(String(cid)));
  if (others.length > 0) blocks.push(others.flatMap((one) => line("conversation", fieldList(one), "dim")));
  return blocks.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

const outcomeStyles = { well: "green", badly: "red", openly: "bold" } as const;

/** `needs a human: … · 3.20 s in 12 steps · failing stage: …` */
function summaryOf(steps: Step[], { words, ended, failing }: JourneyOutcome): string {
  const [first, last] = [steps[0], steps.at(-1)];
  const took = first && last ? describeDuration(millisBetween(first, last)) : "";
  const parts = [words, `${took} in ${steps.length} ${steps.length === 1 ? "step" : "steps"}`];
  if (failing)
    parts.push(`${ended === "badly" ? "failing stage" : "failed on the way"}: ${whereFailed(steps, failing)}`);
  return parts.map(printable).join(" · ");
}

/** `FAILED in booking after CONFIRM (calendar_failed_after_confirm)` */
function whereFailed(steps: Step[], step: Step): string {
  const before = stageBefore(steps, step);
  const after = before && before !== step.stage ? ` after ${before}` : "";
  const why = [step.reason, step.payload.error].filter((text) => typeof text === "string" && text !== "");
  return `${step.stage} in ${step.service}${after}${why.length > 0 ? ` (${[...new Set(why)].join(", ")})` : ""}`;
}
