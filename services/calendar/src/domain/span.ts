/** Time from `from` inclusive to `to` exclusive. */
export interface Span {
  from: Date;
  to: Date;
}

/** The parts of the spans that lie within `range`, ascending. */
export function clipSpans<T extends Span>(spans: T[], range: Span): T[] {
  return spans
    .map((span) => ({
      ...span,
      from: new Date(Math.max(span.from.getTime(), range.from.getTime())),
      to: new Date(Math.min(span.to.getTime(), range.to.getTime())),
    }))
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from.getTime() - b.from.getTime());
}

/** The span in consecutive parts of at most `longestMs` milliseconds. */
export function splitSpan(span: Span, longestMs: number): Span[] {
  const parts: Span[] = [];
  for (let from = span.from.getTime(); from < span.to.getTime(); from += longestMs) {
    parts.push({ from: new Date(from), to: new Date(Math.min(from + longestMs, span.to.getTime())) });
  }
  return parts;
}
