import type { Span } from "./span.ts";

/** Time that is taken; `eventId` is "" where the provider does not say by what. */
export interface BusySpan extends Span {
  eventId: string;
}

/** An event to be inserted under an id that its inserter chose. */
export interface NewEvent extends Span {
  id: string;
  tenantId: string;
  appointmentId: string;
  cid: string;
  summary: string;
  description: string;
  location: string;
  /** After this moment it must not be inserted any more. */
  notAfter: Date;
}

/** An event of ours that is to have another time. */
export interface MovedEvent extends Span {
  id: string;
  /** The appointment that it must stand for. */
  appointmentId: string;
  /** After this moment it must not be moved any more. */
  notAfter: Date;
}

/** An event as its provider holds it. */
export interface StoredEvent {
  id: string;
  /** "" when the event is not one of this tenant's appointments. */
  appointmentId: string;
  /** Undefined where the provider keeps no times of a deleted event. */
  span: Span | undefined;
  /** False once deleted: its id stays taken. */
  live: boolean;
  /** Whether the calendar's own attendee or its organizer has declined it. */
  declined: boolean;
  summary: string;
}

/** What has happened to a calendar's events. */
export interface EventChanges {
  /** Ours and others', one that was deleted perhaps without its times and marks. */
  events: StoredEvent[];
  /** Whether they are all live events that end after the asked moment, and not only those that have changed. */
  complete: boolean;
  /** With which the next question continues. */
  token: string;
}

/**
 * One calendar, wherever its events are kept. Nothing is tried again inside: whoever asks decides.
 * Every verb throws a BookproofError, `calendar_disconnected` and `calendar_rate_limited` besides those it names.
 */
export interface CalendarProvider {
  /** Busy time that touches `range`. An unreadable calendar is never an empty one: it throws `calendar_unreadable`. */
  busy(range: Span): Promise<BusySpan[]>;
  /**
   * @throws `too_late`; `calendar_refused`: surely not inserted; `calendar_event_exists`: the id is taken, by whatever
   * event; `calendar_outcome_unknown`: it may be there or appear later.
   */
  insert(event: NewEvent): Promise<StoredEvent>;
  /**
   * @throws `too_late`; `calendar_refused`: surely not moved, also where it is absent, deleted or another appointment's;
   * `calendar_outcome_unknown`: it may have moved or move later.
   */
  patch(event: MovedEvent): Promise<StoredEvent>;
  /** Undefined when the calendar was read and holds no such event. Throws `calendar_unreadable`. */
  get(id: string): Promise<StoredEvent | undefined>;
  /** Deleting what is absent or deleted succeeds. Throws `calendar_refused` or `calendar_outcome_unknown`. */
  delete(id: string): Promise<void>;
  /** This tenant's live events that touch `range`. Throws `calendar_unreadable`. */
  ownEvents(range: Span): Promise<StoredEvent[]>;
  /**
   * What has changed since a token was given; without one, or where it has become stale, all that ends after `from`.
   * Throws `calendar_unreadable`. A calendar in which nothing happens without us has no changes.
   */
  changes(since: { token: string | undefined; from: Date }): Promise<EventChanges>;
}
