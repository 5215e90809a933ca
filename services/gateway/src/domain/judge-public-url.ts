/** Why Twilio and Vapi cannot use an address; "" where they can, as far as it tells. */
export function whyNotPublic(publicUrl: string): string {
  const { protocol, hostname } = new URL(publicUrl);
  const host = hostname.replace(/^\[|\]$/g, "");
  const ip = /^\d+(\.\d+){3}$/.test(host) ? host : "";
  const isHere = host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^(127|0)\./.test(ip);
  if (isHere) return "is this machine's own name for itself";
  if (/^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(ip)) return "is an address of a private network";
  return protocol === "https:" ? "" : "is not https: credentials and texts would travel in clear";
}
