const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** The texts a webhook's TwiML answer sends back: each `<Message>`, bare or with a `<Body>`. */
export function readTwimlReplies(twiml: string): string[] {
  return [...twiml.matchAll(/<Message\b[^>]*(?<!\/)>([\s\S]*?)<\/Message>/g)]
    .map(([, inner = ""]) => /<Body\b[^>]*>([\s\S]*?)<\/Body>/.exec(inner)?.[1] ?? inner)
    .map((text) => decodeXml(text.replace(/<[^>]*>/g, "")))
    .filter((text) => text.trim() !== "");
}

function decodeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES.get(name) ?? whole;
  });
}
