import type { Queryable } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Message } from "../queries/messages.ts";

/** What the door lets out of a message. */
export type Choice =
  | {
      kind: "send";
      words: string;
      /** Runs in the transaction of the intent, also where the text is then not sent; safe to repeat. */
      effects(client: Queryable): Promise<void>;
    }
  | { kind: "wait"; delayMs: number }
  /** It would be true no more, and nobody waits for it. */
  | { kind: "skip"; reason: "no_longer_booked" };

export interface DoorMessage {
  tenantId: string;
  message: Message;
  connection: TenantConnection;
  /** E.164: the business number it is sent from. */
  from: string;
}
