import { withTenant } from "@bookproof/postgres";
import type { Deps } from "../deps.ts";
import { accountOf } from "../escalation/channels.ts";
import { selectKnownSids } from "../queries/messages.ts";
import type { DoorMessage } from "./choice.ts";

/** How far Twilio's clock may be behind ours. */
const clockSkewMs = 30_000;

/**
 * The sid of a text whose earlier send died or ended unknown, if Twilio has it: same number, exact words, at or after the
 * intent, and no other message of ours.
 * @throws TwilioError when Twilio cannot be asked: then nothing may be sent either.
 */
export async function findText(
  deps: Deps,
  { tenantId, message, connection }: DoorMessage,
): Promise<string | undefined> {
  const since = new Date((message.sendingAt?.getTime() ?? 0) - clockSkewMs);
  const sent = await deps.twilio.listSent(accountOf(connection), { to: message.to, since });
  const candidates = sent.filter(({ body }) => body === message.sentBody).map(({ sid }) => sid);
  if (candidates.length === 0) return undefined;
  const known = await withTenant(deps.pool, tenantId, (client) => selectKnownSids(client, tenantId, candidates));
  return candidates.find((sid) => !known.has(sid));
}
