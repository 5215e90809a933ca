import { type Context, trace } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { currentJourney } from "./journey.ts";
import { redactSpan } from "./redact-span.ts";
import { spanAttributes } from "./span-attributes.ts";

/** The first span of a trace in this process, and those below it that ended before the journey was known. */
interface Entry {
  waiting: ReadableSpan[];
  cid?: string | undefined;
  tenantId?: string | undefined;
  ended: boolean;
}

/** How many spans of one request may wait for its cid; more go out with the trace's id. */
const mostWaiting = 1_000;

/**
 * Puts cid and tenant on every span. A request finds out on its way whose it is: spans that end before that wait until the request's
 * own span ends. What belongs to no journey carries its trace's id as cid. Nothing personal goes out.
 */
export class JourneySpanProcessor implements SpanProcessor {
  readonly #next: SpanProcessor;
  readonly #entries = new WeakMap<object, Entry>();

  constructor(next: SpanProcessor) {
    this.#next = next;
  }

  onStart(span: Span, parentContext: Context): void {
    const { cid, tenantId } = currentJourney();
    if (cid) span.setAttribute(spanAttributes.cid, cid);
    if (tenantId) span.setAttribute(spanAttributes.tenantId, tenantId);
    const parent = trace.getSpan(parentContext);
    const entry = parent && this.#entries.get(parent);
    this.#entries.set(span, entry ?? { waiting: [], ended: false });
    this.#next.onStart(span, parentContext);
  }

  onEnd(span: ReadableSpan): void {
    const entry = this.#entries.get(span) ?? { waiting: [], ended: true };
    const isEntrySpan = !span.parentSpanContext || span.parentSpanContext.isRemote === true;
    if (isEntrySpan) {
      entry.ended = true;
      entry.cid = asText(span.attributes[spanAttributes.cid]);
      entry.tenantId = asText(span.attributes[spanAttributes.tenantId]);
      for (const waiting of entry.waiting.splice(0)) this.#release(waiting, entry);
    }
    if (entry.ended || isKnown(span) || entry.waiting.length >= mostWaiting) this.#release(span, entry);
    else entry.waiting.push(span);
  }

  #release(span: ReadableSpan, known: Entry): void {
    const { attributes } = span;
    attributes[spanAttributes.cid] ??= known.cid ?? span.spanContext().traceId;
    if (known.tenantId) attributes[spanAttributes.tenantId] ??= known.tenantId;
    redactSpan(span);
    this.#next.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#next.shutdown();
  }
}

const isKnown = ({ attributes }: ReadableSpan) =>
  attributes[spanAttributes.cid] !== undefined && attributes[spanAttributes.tenantId] !== undefined;

const asText = (value: unknown) => (typeof value === "string" ? value : undefined);
