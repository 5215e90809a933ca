/** GSM 03.38 basic set. Source: 3GPP TS 23.038, 6.2.1 */
const GSM7 = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** The extension table: an escape goes before each of these. Source: 3GPP TS 23.038, 6.2.1.1 */
const GSM7_EXTENDED = new Set("\f^{}\\[~]|€");

/** How many SMS segments a text takes: 160 or 153 each in GSM-7 septets, 70 or 67 each in UCS-2 units. */
export function countSegments(body: string): number {
  const septets = gsm7Length(body);
  if (septets === undefined) return body.length <= 70 ? 1 : Math.ceil(body.length / 67);
  return septets <= 160 ? 1 : Math.ceil(septets / 153);
}

function gsm7Length(body: string): number | undefined {
  let septets = 0;
  for (const character of body) {
    if (GSM7.has(character)) septets += 1;
    else if (GSM7_EXTENDED.has(character)) septets += 2;
    else return undefined;
  }
  return septets;
}
