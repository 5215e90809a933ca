import type { StoredEvent } from "./calendar-provider.ts";

/** What is known of an event of ours. */
export type SeenEvent = Omit<StoredEvent, "summary">;

/**
 * Compares what a calendar told with what was known of our events.
 * @param told.complete whether `events` are all that end after `from`: what is known and missing is gone
 * @returns events of ours that are not as they were known; an unknown one that is deleted is no news
 */
export function eventNews(
  told: { events: StoredEvent[]; complete: boolean; from: Date },
  known: SeenEvent[],
): SeenEvent[] {
  const before = new Map(known.map((event) => [event.id, event]));
  const after = new Map(told.events.map((event) => [event.id, event]));
  const news = [...after.values()].flatMap((event) => {
    const seen = seenNow(event, before.get(event.id));
    return seen ? [seen] : [];
  });
  if (!told.complete) return news;
  const gone = known.filter(({ id, live, span }) => live && span && span.to > told.from && !after.has(id));
  return [...news, ...gone.map((event) => ({ ...event, live: false, declined: false }))];
}

/** Undefined where the event is none of ours, or as it was known. */
function seenNow({ summary: _, ...event }: StoredEvent, before: SeenEvent | undefined): SeenEvent | undefined {
  const appointmentId = event.appointmentId || before?.appointmentId;
  if (!appointmentId) return undefined;
  if (!event.live) {
    // A deleted event may be told of by its id alone.
    if (!before?.live) return undefined;
    return { ...before, live: false, declined: false };
  }
  return before && isSame(event, before) ? undefined : { ...event, appointmentId };
}

function isSame(event: SeenEvent, before: SeenEvent): boolean {
  return (
    event.live === before.live &&
    event.declined === before.declined &&
    event.span?.from.getTime() === before.span?.from.getTime() &&
    event.span?.to.getTime() === before.span?.to.getTime()
  );
}
