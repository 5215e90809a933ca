import type { SmsFlow } from "@bookproof/launcher/client";

/** A journey as people read it: one line a step, a heading where the journey changes, then the conversations. */
export function flowLines({ traces, conversations }: SmsFlow): string[] {
  const width = (values: string[]) => Math.max(0, ...values.map((value) => value.length));
  const serviceWidth = width(traces.map((trace) => trace.service));
  const stageWidth = width(traces.map((trace) => trace.stage));
  const steps = traces.flatMap((trace, index) => [
    ...(trace.cid === traces[index - 1]?.cid ? [] : [`journey ${trace.cid}`]),
    [
      ` `,
      trace.createdAt.replace("T", " ").replace("Z", ""),
      trace.service.padEnd(serviceWidth),
      trace.stage.padEnd(stageWidth),
      [trace.reason, compact(trace.payload)].filter(Boolean).join("  "),
    ]
      .join("  ")
      .trimEnd(),
  ]);
  return [...steps, ...conversations.map((conversation) => `conversation  ${compact(conversation)}`)];
}

/** `key=value` for what has a value. */
function compact(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}
