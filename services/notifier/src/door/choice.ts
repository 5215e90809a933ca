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
  | { kind: "wait"; delayMs: number };

export interface DoorMessage {
  tenantId: string;
  message: Message;
  connection: TenantConnection;
  /** E.164: the business number it is sent from. */
  from: string;
}
