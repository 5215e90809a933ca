import type { Channel } from "./channel.ts";

/** An alert that went out before its escalation could be stored. */
export interface DirectAlert {
  channel: Channel["name"];
  sid: string;
}

/** Remembers direct alerts, so that neither a repeated call nor the escalation's own job sends one again. */
export interface DirectAlerts {
  /** Sends unless that was done or is being done; a failed one may be tried again. */
  once(escalationId: string, send: () => Promise<DirectAlert>): Promise<DirectAlert>;
  find(escalationId: string): Promise<DirectAlert | undefined>;
}

/** More than a tenant base can fail in one outage; the oldest are forgotten. */
const remembered = 10_000;

export function createDirectAlerts(): DirectAlerts {
  const alerts = new Map<string, Promise<DirectAlert>>();
  return {
    once(escalationId, send) {
      const before = alerts.get(escalationId);
      if (before) return before;
      const [oldest] = alerts.keys();
      if (alerts.size >= remembered && oldest) alerts.delete(oldest);
      const sent = send();
      alerts.set(escalationId, sent);
      sent.catch(() => alerts.delete(escalationId));
      return sent;
    },
    find: async (escalationId) => alerts.get(escalationId)?.catch(() => undefined),
  };
}
