/** The value of a W3C `baggage` header that carries `cid` (https://www.w3.org/TR/baggage/). */
export function baggageHeader(cid: string): string {
  return `cid=${encodeURIComponent(cid)}`;
}

/** The cid of a W3C `baggage` header, or undefined when it carries none or is malformed. */
export function cidFromBaggage(header: string | undefined): string | undefined {
  for (const member of header?.split(",") ?? []) {
    const [key, value] = member.split(";", 1)[0]?.split("=", 2) ?? [];
    if (key?.trim() !== "cid" || !value) continue;
    try {
      return decodeURIComponent(value.trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}
