import { serviceNames } from "@bookproof/launcher";
import type { Leak } from "./find-personal.ts";
import type { World } from "./world.ts";

/** Drawn at random: among thousands of them one has a number's digits by chance. */
const randomIds = /("(?:traceId|spanId|parentSpanId)"):"[0-9a-f]+"/g;

/** All that the services wrote or sent, as texts, by where it was. */
export type Places = Record<"logs" | "spans" | "measurements" | "traces", string[]>;

/** Reads what was written, once nothing more is: the trace rows before the world is closed, what was sent and logged after. */
export async function readPlaces({ stage, log, backend }: World, close: () => Promise<void>): Promise<Places> {
  // Who a row is about has its own columns, by which it is found; whatever else is in it is shown to operators.
  const { rows } = await stage.database.query<{ row: string }>(
    "SELECT (to_jsonb(flow) - 'from_e164' - 'to_e164')::text AS row FROM trace.sms_flow_traces AS flow",
  );
  await close();
  const ours: ReadonlySet<string> = new Set(serviceNames);
  return {
    logs: log.filter(({ service }) => ours.has(service)).map(({ line }) => line),
    spans: backend.spans().map((span) => JSON.stringify(span).replace(randomIds, '$1:""')),
    measurements: backend.metrics().map((point) => JSON.stringify(point)),
    traces: rows.map(({ row }) => row),
  };
}

/** Where personal values were found: one example of each value in each place and kind of line. */
export function describeLeaks(places: Places, find: (text: string) => Leak[]): string[] {
  const examples = new Map<string, string>();
  for (const [place, texts] of Object.entries(places)) {
    for (const text of texts) {
      for (const { what, as, excerpt } of find(text)) {
        const marker = /\[(?!CID)[A-Z_]{4,}\]/.exec(text)?.[0] ?? "";
        examples.set(`${place} ${marker} ${what} as ${as}`, excerpt);
      }
    }
  }
  return [...examples].map(([leak, excerpt]) => `${leak}: …${excerpt}…`);
}
