/** A span as OTLP's JSON has it; what is left out is filled in. */
export type OtlpSpan = Record<string, unknown> & { traceId: string; spanId: string };

type Resource = { service: string; spans: OtlpSpan[] };

export const traceA = "5b8efff798038103d269b633813fc60c";
export const traceB = "a0000000000000000000000000000001";

/** A span id that ends in `n`. */
export function spanId(n: number): string {
  return n.toString(16).padStart(16, "e");
}

export function text(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

/** An ExportTraceServiceRequest. */
export function exportOf(...resources: Resource[]): object {
  return {
    resourceSpans: resources.map(({ service, spans }) => ({
      resource: { attributes: [text("service.name", service), text("host.name", "box")] },
      scopeSpans: [{ scope: { name: "tests", version: "1" }, spans: spans.map((span) => ({ name: "work", ...span })) }],
    })),
  };
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const payload = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: payload,
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

export async function get(url: string) {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as unknown };
}
