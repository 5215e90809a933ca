import { describeDuration, localClock } from "./describe-time.ts";
import { isBlockedClaim, isFailing, type Step } from "./journey-outcome.ts";
import { painter, type Style, type Terminal } from "./terminal.ts";
import { hangingLines, printable } from "./wrap-text.ts";

/** As wide as `+59 min 59 s`. */
const sinceWidth = 12;

/**
 * Makes the rows of journeys that stand under each other, in the same columns: mark (`✗` went wrong, `!` a claim was stopped), time,
 * how long after the row before, service, stage, reason and payload. A heading names each day.
 * @param all the steps of all journeys
 * @param timeZone of the times shown; undefined means this machine's
 */
export function stepRows(all: Step[], terminal: Terminal, timeZone: string | undefined): (steps: Step[]) => string[] {
  const paint = painter(terminal);
  const clock = localClock(timeZone);
  const widest = (values: string[]) => Math.max(0, ...values.map((value) => printable(value).length));
  const serviceWidth = widest(all.map(({ service }) => service));
  const stageWidth = widest(all.map(({ stage }) => stage));

  const row = (step: Step, since: string): string[] => {
    const { mark, style } = appearance(step);
    const time = `${clock.time(instantOf(step))}  ${since.padStart(sinceWidth)}`;
    const service = printable(step.service).padEnd(serviceWidth);
    const stage = printable(step.stage);
    const padding = " ".repeat(stageWidth - stage.length + 2);
    const head = `${paint(style, mark)} ${paint("dim", time)}  ${service}  ${paint(style, stage)}${padding}`;
    const column = `${mark} ${time}  ${service}  ${stage}${padding}`.length;
    const text = [printable(step.reason), fieldList(step.payload)].filter(Boolean).join("  ");
    return hangingLines({ head, column, text }, terminal.width, (line) =>
      paint(style === "green" ? "plain" : style, line),
    );
  };

  return (steps) =>
    steps.flatMap((step, index) => {
      const before = steps[index - 1];
      const day = clock.day(instantOf(step));
      const isNewDay = !before || clock.day(instantOf(before)) !== day;
      const since = before ? `+${describeDuration(millisBetween(before, step))}` : "";
      return [...(isNewDay ? [`  ${paint("bold", day)}`] : []), ...row(step, since)];
    });
}

const instantOf = ({ createdAt }: Step) => new Date(createdAt);

/** How long after a step another came, in milliseconds. */
export const millisBetween = (before: Step, after: Step): number =>
  instantOf(after).getTime() - instantOf(before).getTime();

function appearance(step: Step): { mark: string; style: Style } {
  if (isFailing(step)) return { mark: "✗", style: "red" };
  if (isBlockedClaim(step)) return { mark: "!", style: "yellow" };
  return { mark: " ", style: step.stage === "BOOKED" ? "green" : "plain" };
}

/** `key=value` for what has a value; a text with spaces in it stands in quotes. */
export function fieldList(values: Record<string, unknown>): string {
  const written = (value: unknown) =>
    typeof value === "string" && !/[\s"]/.test(value) ? value : JSON.stringify(value);
  return Object.entries(values)
    .filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .map(([key, value]) => printable(`${key}=${written(value)}`))
    .join(" ");
}
