/** What a hold holds, in minutes; buffers may be negative where it begins later or ends earlier than its slot. */
export interface SlotLengths {
  durationMinutes: number;
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
}

const minute = 60_000;

/**
 * The slot that an appointment is to move to, as long and with the buffers that it has. Where the two overlap on one calendar the hold takes
 * only what the appointment's own slot leaves of it: between them they hold the whole, and nobody can come between.
 * @param was what the appointment has, times in RFC 3339
 */
export function slotBeside(
  was: { calendarId: string; start: string; durationMinutes: number; busyFrom: string; busyTo: string },
  to: { calendarId: string; start: Date },
): SlotLengths {
  const { durationMinutes } = was;
  const start = to.start.getTime();
  const oldStart = Date.parse(was.start);
  const old = { from: Date.parse(was.busyFrom), to: Date.parse(was.busyTo) };
  const whole = { from: start + old.from - oldStart, to: start + old.to - oldStart };
  const overlaps = was.calendarId === to.calendarId && old.from < whole.to && whole.from < old.to;
  const from = overlaps && start > oldStart ? old.to : whole.from;
  const end = overlaps && start < oldStart ? old.from : whole.to;
  return {
    durationMinutes,
    bufferBeforeMinutes: (start - from) / minute,
    bufferAfterMinutes: (end - start) / minute - durationMinutes,
  };
}
