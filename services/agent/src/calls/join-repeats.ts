/**
 * A caller who talks over a tool makes the model call it again under a new id: while the first is being answered, the
 * same question joins it and gets the same answer.
 */
export function joinRepeats<Answer>(): (parts: string[], work: () => Promise<Answer>) => Promise<Answer> {
  const running = new Map<string, Promise<Answer>>();
  return (parts, work) => {
    const key = JSON.stringify(parts);
    const first = running.get(key);
    if (first) return first;
    const answer = work().finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };
}
