import { BookproofError } from "@bookproof/errors";

/** How much work may be in flight: so many run at once, so many wait, and what is beyond is refused. */
export interface InFlightLimit {
  running: number;
  waiting: number;
}

export interface InFlightGate {
  /**
   * Waits for its turn, first come first served, and resolves to the way out, which must be taken once the work has ended.
   * @param options.signal aborts when nobody waits for the answer any more: who still queues then never runs
   * @param options.patienceMs how long to queue at most; without it as long as `signal` lets
   * @throws BookproofError `overloaded` at once when too many wait, or when patience ends; the signal's own reason
   */
  enter(options?: { signal?: AbortSignal; patienceMs?: number }): Promise<() => void>;
}

/**
 * Keeps the work in flight within a limit, and with it the memory it takes: more callers than that hear "too busy" at once
 * instead of waiting for an answer that would come too late.
 * @param onRefused hears of each refusal
 */
export function createInFlightGate(limit: InFlightLimit, onRefused: () => void = () => undefined): InFlightGate {
  let running = 0;
  const queue = new Set<() => void>();

  const leave = () => {
    const [next] = queue;
    if (next) next();
    else running -= 1;
  };
  const wayOut = () => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
    };
  };
  const refusal = () => {
    onRefused();
    return new BookproofError("overloaded");
  };

  return {
    async enter({ signal, patienceMs } = {}) {
      signal?.throwIfAborted();
      if (running < limit.running) {
        running += 1;
        return wayOut();
      }
      if (queue.size >= limit.waiting) throw refusal();
      return new Promise((resolve, reject) => {
        const timer = patienceMs === undefined ? undefined : setTimeout(() => dropOut(refusal()), patienceMs);
        const stopWaiting = () => {
          queue.delete(admit);
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
        };
        const admit = () => {
          stopWaiting();
          resolve(wayOut());
        };
        const dropOut = (reason: unknown) => {
          stopWaiting();
          reject(reason);
        };
        const onAbort = () => dropOut(signal?.reason);
        queue.add(admit);
        signal?.addEventListener("abort", onAbort);
      });
    },
  };
}
