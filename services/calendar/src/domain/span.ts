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
      from: span.from < range.from ? range.from : span.from,
      to: span.to > range.to ? range.to : span.to,
    }))
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from.getTime() - b.from.getTime());
}
