/**
 * Coalesces the look-ups of callers who ask the same at once. Whoever asks while one is running gets the next, which begins
 * after they asked: a thousand callers cost a few look-ups, and nobody's answer is older than their question.
 */
export function createCoalescedLookup<T>(): (key: string, look: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<T>>();

  const begin = (key: string, look: () => Promise<T>): Promise<T> => {
    const answer = look();
    const ended = () => {
      running.delete(key);
    };
    running.set(key, answer.then(ended, ended));
    return answer;
  };
  return (key, look) => {
    const current = running.get(key);
    const waiting = next.get(key);
    if (waiting) return waiting;
    if (!current) return begin(key, look);
    const following = current.then(() => {
      next.delete(key);
      return begin(key, look);
    });
    next.set(key, following);
    return following;
  };
}
