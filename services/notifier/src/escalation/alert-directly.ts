import type { Deps } from "../deps.ts";
import type { NewEscalation } from "../queries/escalations.ts";
import { alertWords } from "./alert-words.ts";
import { ownerChannels, sendAlert } from "./channels.ts";
import type { DirectAlert } from "./direct-alerts.ts";

const nothingKnown = async () => new Set<string>();

/**
 * Alerts the owner without a database, once for an escalation.
 * @returns whether some channel took it; every failure is logged as `[ESCALATION_FAILED]`.
 */
export async function alertDirectly(deps: Deps, tenantId: string, escalation: NewEscalation): Promise<boolean> {
  try {
    await deps.directAlerts.once(escalation.id, () => send(deps, tenantId, escalation));
    return true;
  } catch (error) {
    deps.log.failure(escalation.cid, "ESCALATION_FAILED", { channel: "all", reason: escalation.reason }, error);
    return false;
  }
}

async function send(deps: Deps, tenantId: string, escalation: NewEscalation): Promise<DirectAlert> {
  const { cid, reason, ref } = escalation;
  const connection = await deps.connections.get(tenantId);
  const words = alertWords(deps, connection, escalation, "alert");
  for (const channel of ownerChannels(deps, connection, cid)) {
    try {
      const sid = await sendAlert(deps, connection, channel, words, nothingKnown);
      deps.log.step(cid, "ESCALATION_SENT", { channel: channel.name, reason, ref, sid, direct: true });
      return { channel: channel.name, sid };
    } catch (error) {
      deps.log.failure(cid, "ESCALATION_FAILED", { channel: channel.name, reason, ref, direct: true }, error);
    }
  }
  throw new Error("no channel to the owner took the alert");
}
