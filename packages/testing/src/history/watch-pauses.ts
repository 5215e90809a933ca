/** A time in which this process stood still, or nearly; milliseconds since the epoch. */
export interface Pause {
  from: number;
  to: number;
}

const everyMs = 50;

/**
 * Notes when the event loop stood still for `overMs` or more: on a loaded machine every short time-out rings in such a pause,
 * whatever the other side did. A history's `cuts` may name them, where vendors and product share this process.
 */
export function watchPauses(overMs: number): { pauses(): Pause[]; stop(): void } {
  const seen: Pause[] = [];
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last >= overMs + everyMs) seen.push({ from: last, to: now });
    last = now;
  }, everyMs);
  timer.unref();
  return { pauses: () => [...seen], stop: () => clearInterval(timer) };
}
