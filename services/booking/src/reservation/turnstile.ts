/**
 * Lets one caller at a time try for a thing; the others wait and then look again. So of a thousand who want one slot a single
 * one troubles the database, and the rest find it taken. The database alone decides; this only keeps the queue short.
 */
export function createTurnstile() {
  const trying = new Map<string, Promise<void>>();
  return {
    /** Settles when whoever is trying for `key` has ended; undefined where nobody is. */
    ahead: (key: string): Promise<void> | undefined => trying.get(key),
    /** Tries for `key`; only where nobody is `ahead`, asked in the same tick. */
    async pass<T>(key: string, attempt: () => Promise<T>): Promise<T> {
      const result = attempt();
      const ended = () => {
        trying.delete(key);
      };
      trying.set(key, result.then(ended, ended));
      return result;
    },
  };
}
