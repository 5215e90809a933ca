import { withTenant } from "@bookproof/postgres";
import type { TenantConnection } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { alertMark } from "../domain/owner-alert.ts";
import { selectKnownSids } from "../queries/messages.ts";
import { accountOf, ownerChannels } from "./channels.ts";
import type { DirectAlert } from "./direct-alerts.ts";

/** How far back an outage may reach that somebody still asks about. */
const recallMs = 24 * 60 * 60 * 1_000;

/** Finds the direct alert of an escalation by the reference in its text. */
export type Recall = (escalation: { ref: string }) => DirectAlert | undefined;

const nothing: Recall = () => undefined;

/**
 * Alerts that left without a database and that nobody here remembers, as Twilio knows them. Asked only while such alerts may be
 * unknown; where Twilio does not answer, none is found: a second alert is better than none (P2).
 */
export async function recallDirectAlerts(deps: Deps, connection: TenantConnection, cid: string): Promise<Recall> {
  if (!deps.directAlerts.mayBeUnknown()) return nothing;
  const { tenantId } = connection;
  const since = new Date(Date.now() - recallMs);
  try {
    const phones = ownerChannels(deps, connection, cid).filter(({ kind }) => kind === "sms");
    const lists = await Promise.all(
      phones.map(async ({ name, to }) => {
        const texts = await deps.alertTwilio.listSent(accountOf(connection), { to, since });
        return texts.map(({ sid, body }) => ({ channel: name, sid, body }));
      }),
    );
    const found = lists.flat();
    const sids = found.map(({ sid }) => sid);
    const known = await withTenant(deps.pool, tenantId, (client) => selectKnownSids(client, tenantId, sids));
    const unknown = found.filter(({ sid }) => !known.has(sid));
    return ({ ref }) => {
      const alert = unknown.find(({ body }) => body.includes(alertMark(ref)));
      return alert && { channel: alert.channel, sid: alert.sid };
    };
  } catch (error) {
    deps.logger.warn({ err: error, tenantId }, "[ALERTS_NOT_RECALLED] Twilio could not be asked for earlier alerts");
    return nothing;
  }
}
