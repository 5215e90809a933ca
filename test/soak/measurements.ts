/** How a customer's try ended. `unanswered`: the run was over before the system had its say. */
export type JourneyEnd = "booked" | "escalated" | "refused" | "other" | "unanswered";

/** A customer whose CONFIRM was taken in; it must end booked or with the owner alerted. */
export interface Confirm {
  customer: string;
  owner: string;
  by: "sms" | "voice";
}

type Timed = "intake" | "turn" | "voice" | "debug";

/** Everything the soak sees of the system from outside; times in milliseconds. */
export function createMeasurements() {
  const times: Record<Timed, number[]> = { intake: [], turn: [], voice: [], debug: [] };
  const statuses = new Map<string, number>();
  const ends = new Map<JourneyEnd, number>();
  const accepted: string[] = [];
  const confirms: Confirm[] = [];
  const strange = new Map<string, number>();
  let offered = 0;
  let completed = 0;
  const count = <Key>(map: Map<Key, number>, key: Key) => map.set(key, (map.get(key) ?? 0) + 1);
  return {
    times,
    /** By kind of request and HTTP status, e.g. `intake 204`; a tool's refusal in words is `voice refused`. */
    statuses,
    ends,
    /** MessageSids that were answered with 204. */
    accepted,
    confirms,
    /** What no journey expected to read or hear, shortened. */
    strange,
    offered: () => offered,
    completed: () => completed,
    offer: () => {
      offered += 1;
    },
    complete: () => {
      completed += 1;
    },
    sawStatus: (kind: Timed, status: number | string) => count(statuses, `${kind} ${status}`),
    ended: (end: JourneyEnd) => count(ends, end),
    sawStrange: (text: string) => count(strange, text.replace(/[\d+]+/g, "#").slice(0, 80)),
    /** Where the times stand now: to measure from here. */
    mark: () => ({ intake: times.intake.length, turn: times.turn.length, at: performance.now(), completed }),
  };
}

export type Measurements = ReturnType<typeof createMeasurements>;

/** The value below which `share` (0 to 1) of them lie; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
