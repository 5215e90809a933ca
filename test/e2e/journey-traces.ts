import { serviceNames } from "@bookproof/launcher";
import type { TraceBackend } from "@bookproof/simulators";
import { z } from "zod";

const tagSchema = z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) });
const spanSchema = z.object({
  traceID: z.string(),
  spanID: z.string(),
  operationName: z.string(),
  references: z.array(z.object({ refType: z.string(), traceID: z.string(), spanID: z.string() })),
  tags: z.array(tagSchema),
  logs: z.array(z.object({ fields: z.array(tagSchema) })),
  processID: z.string(),
});
const answerSchema = z.object({
  data: z.array(
    z.object({ spans: z.array(spanSchema), processes: z.record(z.string(), z.object({ serviceName: z.string() })) }),
  ),
});

export interface FoundSpan {
  traceId: string;
  spanId: string;
  parentId: string | undefined;
  service: string;
  name: string;
  tags: Record<string, string | number | boolean>;
  logs: string;
}

/** Every span of every trace that one search by cid finds, asked as Jaeger's own page asks: service by service. */
export async function searchByCid(backend: TraceBackend, cid: string): Promise<FoundSpan[]> {
  const found = new Map<string, FoundSpan>();
  for (const service of serviceNames) {
    const query = new URLSearchParams({ service, tags: JSON.stringify({ cid }), limit: "500" });
    const answer = await fetch(`${backend.url}/api/traces?${query}`);
    for (const { spans, processes } of answerSchema.parse(await answer.json()).data)
      for (const span of spans) found.set(span.spanID, toFound(span, processes));
  }
  return [...found.values()];
}

function toFound(
  { traceID, spanID, operationName, references, tags, logs, processID }: z.output<typeof spanSchema>,
  processes: Record<string, { serviceName: string }>,
): FoundSpan {
  return {
    traceId: traceID,
    spanId: spanID,
    parentId: references.find(({ refType }) => refType === "CHILD_OF")?.spanID,
    service: processes[processID]?.serviceName ?? "",
    name: operationName,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    logs: JSON.stringify(logs),
  };
}

/** Where a journey crossed from one service to another, as `gateway → agent`, sorted. */
export function edgesOf(spans: readonly FoundSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const edges = spans.flatMap(({ parentId, service }) => {
    const parent = parentId === undefined ? undefined : byId.get(parentId);
    return parent && parent.service !== service ? [`${parent.service} → ${service}`] : [];
  });
  return [...new Set(edges)].sort();
}
