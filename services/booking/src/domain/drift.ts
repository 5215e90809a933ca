/** A confirmed appointment as its row has it, and its event as the calendar shows it; instants in milliseconds since the epoch. */
export interface Compared {
  row: { start: number; end: number };
  /** Undefined where the calendar was read and holds no such event. */
  event:
    | { live: boolean; declined: boolean; isOurs: boolean; start: number | undefined; end: number | undefined }
    | undefined;
}

export type Drift =
  | { kind: "none" }
  | { kind: "moved"; start: number; end: number }
  | { kind: "deleted" }
  | { kind: "declined" };

const shortest = 5 * 60_000;
const longest = 24 * 60 * 60_000;

/** What a person has done to the event of a confirmed appointment. */
export function driftOf({ row, event }: Compared): Drift {
  // One that has lost our mark, or has no times or ones that no appointment can have, does not stand for the appointment any more.
  if (!event?.live || !event.isOurs || event.start === undefined || event.end === undefined) return { kind: "deleted" };
  if (event.declined) return { kind: "declined" };
  const { start, end } = event;
  if (start === row.start && end === row.end) return { kind: "none" };
  const length = end - start;
  return length >= shortest && length <= longest ? { kind: "moved", start, end } : { kind: "deleted" };
}
