import type { Channel } from "./channel.ts";

/** An alert that went out before its escalation could be stored. */
export interface DirectAlert {
  channel: Channel["name"];
  sid: string;
}

/** Remembers direct alerts, so that neither a repeated call nor the escalation's own job sends one again. */
export interface DirectAlerts {
  /** Sends unless that was done or is being done, and where what is being done fails. */
  once(escalationId: string, send: () => Promise<DirectAlert>): Promise<DirectAlert>;
  /** Notes that the escalation's own job is sending it: whoever raises it meanwhile, and cannot store it, sends none beside it. */
  follow(escalationId: string, alert: Promise<DirectAlert>): void;
  /** Waits for one that is being sent. */
  find(escalationId: string): Promise<DirectAlert | undefined>;
  /** One that was sent, without waiting. */
  sent(escalationId: string): DirectAlert | undefined;
  /** Keeps what was found out about an alert of another process. */
  remember(escalationId: string, alert: DirectAlert): void;
  /** Notes that Postgres was away just now. */
  doubt(): void;
  /**
   * Whether another process, or this one before it was started again, may have sent alerts that nothing here knows of: for a
   * while after a start and after Postgres was away. Then they are looked for at Twilio.
   */
  mayBeUnknown(): boolean;
}

/** More than a tenant base can fail in one outage; the oldest are forgotten. */
const remembered = 10_000;

/** @param doubtfulForMs how long after a start, or after Postgres was away, alerts may be unknown. */
export function createDirectAlerts(doubtfulForMs: number): DirectAlerts {
  const alerts = new Map<string, Promise<DirectAlert>>();
  const sent = new Map<string, DirectAlert>();
  let doubtedAt = performance.now();

  function keep(escalationId: string, alert: Promise<DirectAlert>): void {
    const [oldest] = alerts.keys();
    if (alerts.size >= remembered && oldest) {
      alerts.delete(oldest);
      sent.delete(oldest);
    }
    alerts.set(escalationId, alert);
    alert.then(
      (done) => sent.set(escalationId, done),
      () => alerts.get(escalationId) === alert && alerts.delete(escalationId),
    );
  }

  return {
    once(escalationId, send) {
      const alert = alerts.get(escalationId)?.catch(send) ?? send();
      keep(escalationId, alert);
      return alert;
    },
    follow: keep,
    find: async (escalationId) => alerts.get(escalationId)?.catch(() => undefined),
    sent: (escalationId) => sent.get(escalationId),
    remember(escalationId, alert) {
      keep(escalationId, Promise.resolve(alert));
      sent.set(escalationId, alert);
    },
    doubt() {
      doubtedAt = performance.now();
    },
    mayBeUnknown: () => performance.now() - doubtedAt < doubtfulForMs,
  };
}
