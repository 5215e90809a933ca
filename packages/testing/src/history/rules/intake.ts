import type { Context } from "./context.ts";
import { isAbout } from "./owner-alerts.ts";

/**
 * What became of a text that Twilio has: `taken` in; `ignored` (a reaction, a blocked number); answered in the `degraded` mode,
 * the owner told in its place; `refused` at every try, so that Twilio knows that nobody has it; or `lost`.
 */
export function isTakenIn(
  { history, inbound, alerts }: Context,
  messageSid: string,
): "taken" | "ignored" | "degraded" | "refused" | "lost" {
  const row = history.tables.inbound.find((candidate) => candidate.messageSid === messageSid);
  if (row) return row.disposition === "blocked" || row.disposition === "reaction_ignored" ? "ignored" : "taken";
  const text = inbound.find(({ sid }) => sid === messageSid);
  if (!text) return "taken"; // not a text: a voice request
  const tries = history.ledgers.webhooks.filter((webhook) => webhook.messageSid === messageSid);
  if (!tries.some(({ httpStatus }) => httpStatus !== null && httpStatus < 300)) return "refused";
  const told = alerts.some(
    (alert) => alert.phase === "alert" && alert.at >= text.acceptedAt && isAbout(alert, text.from),
  );
  return told ? "degraded" : "lost";
}
