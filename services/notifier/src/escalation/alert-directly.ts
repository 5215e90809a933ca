import type { TenantConnection } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { hasFailed, statusAfter } from "../domain/delivery-status.ts";
import { alertMark } from "../domain/owner-alert.ts";
import type { NewEscalation } from "../queries/escalations.ts";
import { alertWords } from "./alert-words.ts";
import type { Channel } from "./channel.ts";
import { accountOf, ownerChannels, sendAlert } from "./channels.ts";
import type { DirectAlert } from "./direct-alerts.ts";
import { measureAlert, reportUnreached } from "./measure-escalation.ts";

const nothingKnown = async () => new Set<string>();
/** How long after an alert somebody may still raise the same thing, in milliseconds. */
const raisedAgainMs = 24 * 60 * 60 * 1_000;

/** An escalation that could not be stored, and when it was raised, by `performance.now()`. */
interface Raised {
  escalation: NewEscalation;
  since: number;
}

/**
 * Alerts the owner without a database, once for an escalation.
 * @returns whether some channel took it; every failure is logged as `[ESCALATION_FAILED]`.
 */
export async function alertDirectly(deps: Deps, tenantId: string, raised: Raised): Promise<boolean> {
  try {
    await deps.directAlerts.once(raised.escalation.id, () => send(deps, tenantId, raised));
    return true;
  } catch (error) {
    reportUnreached(deps, raised.escalation, {}, error);
    return false;
  }
}

async function send(deps: Deps, tenantId: string, { escalation, since }: Raised): Promise<DirectAlert> {
  const { cid, reason, ref } = escalation;
  const connection = await deps.connections.get(tenantId);
  const channels = ownerChannels(deps, connection, cid);
  const before = await sentBefore(deps, connection, escalation, channels);
  if (before) return before;
  const words = alertWords(deps, connection, escalation, "alert");
  for (const channel of channels) {
    try {
      const sid = await sendAlert(deps, connection, channel, words, nothingKnown);
      deps.log.step(cid, "ESCALATION_SENT", { channel: channel.name, reason, ref, sid, direct: true });
      // Stored later, it is one that was alerted: counted here alone.
      measureAlert(escalation, channel, performance.now() - since);
      return { channel: channel.name, sid };
    } catch (error) {
      deps.log.failure(cid, "ESCALATION_FAILED", { channel: channel.name, reason, ref, direct: true }, error);
    }
  }
  throw new Error("no channel to the owner took the alert");
}

/**
 * The alert as it was sent while there was a database, or by another process: what our tables would say, Twilio's list says. Where
 * Twilio cannot be asked, none was: a second alert is better than none (P2).
 */
async function sentBefore(
  deps: Deps,
  connection: TenantConnection,
  { cid, ref }: NewEscalation,
  channels: readonly Channel[],
): Promise<DirectAlert | undefined> {
  const since = new Date(Date.now() - raisedAgainMs);
  const isIt = ({ body, status }: { body: string; status: string }) =>
    body.includes(alertMark(ref)) && body.includes(cid) && !hasFailed(statusAfter("", status) ?? "queued");
  const looks = channels
    .filter(({ kind }) => kind === "sms")
    .map(async ({ name, to }) => {
      const sid = (await deps.alertTwilio.listSent(accountOf(connection), { to, since })).find(isIt)?.sid;
      return sid === undefined ? undefined : { channel: name, sid };
    });
  const found = await Promise.all(looks).catch(() => []);
  return found.find((alert) => alert !== undefined);
}
