import { afterCommit, type Queryable } from "@bookproof/postgres";
import { countMessage, markSpan } from "@bookproof/telemetry";
import type { MessageStatus } from "../domain/delivery-status.ts";

/** What an UPDATE of `notifier.messages AS message` joins (`$1` tenant, `$2` id) and returns, so that a change can be told from none. */
export const joinBefore = `FROM (SELECT tenant_id, id, status FROM notifier.messages WHERE tenant_id = $1 AND id = $2 FOR UPDATE) AS before
  WHERE message.tenant_id = before.tenant_id AND message.id = before.id`;
export const returnChange = "RETURNING message.kind, message.status, before.status AS was";

export interface StatusChange {
  /** The kind of message. */
  kind: string;
  status: MessageStatus;
  was: MessageStatus | null;
}

/** Counts a message's status once its transaction is committed, where it is another than before: each transition once at most. */
export function countStatus(client: Queryable, change: StatusChange | undefined): void {
  if (!change || change.status === change.was) return;
  const { kind, status } = change;
  afterCommit(client, () => {
    markSpan({ messageKind: kind, messageStatus: status });
    countMessage({ kind, status });
  });
}
