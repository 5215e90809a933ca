/** iMessage reactions (seed 000), with curly or straight quotes, the newer `Reacted 👍 to “…”`, and their removal. */
const reaction =
  /^(?:(?:Loved|Liked|Emphasized|Laughed at|Disliked|Questioned)|Reacted\s+.+?\s+to|Removed\s+an?\s+.+?\s+from)\s+(?:“.*”|".*")/is;

/** Twilio's own keywords, whole body, any case (docs: "Twilio support for opt-out keywords"). */
const optOutWords = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const optInWords = new Set(["START", "UNSTOP"]);

export type SmsClass =
  | { kind: "message" }
  | { kind: "reaction" }
  | { kind: "blocked" }
  | { kind: "opt_out"; keyword: string }
  | { kind: "opt_in"; keyword: string };

/** What a text message is, before anybody reads it. @param optOutType Twilio's own verdict where Advanced Opt-Out is on. */
export function classifySms(
  sms: { from: string; to: string; body: string; optOutType: string },
  blocklist: ReadonlySet<string>,
): SmsClass {
  if (sms.from === sms.to || blocklist.has(sms.from) || blocklist.has(sms.to)) return { kind: "blocked" };
  const body = sms.body.trim();
  if (reaction.test(body)) return { kind: "reaction" };
  const word = body.toUpperCase();
  if (optOutWords.has(word)) return { kind: "opt_out", keyword: word };
  if (optInWords.has(word)) return { kind: "opt_in", keyword: word };
  if (sms.optOutType === "STOP") return { kind: "opt_out", keyword: "STOP" };
  if (sms.optOutType === "START") return { kind: "opt_in", keyword: "START" };
  return { kind: "message" };
}
