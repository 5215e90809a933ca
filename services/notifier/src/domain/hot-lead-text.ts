import { DateTime } from "luxon";
import { plainAscii, plainPunctuation } from "./plain-text.ts";

export interface HotLead {
  customerName: string;
  /** Plain E.164, so that the owner can tap it. */
  customerPhone: string;
  offeringName: string;
  /** Start of the booked appointment, if any. */
  bookedStart: Date | undefined;
}

/**
 * The owner's alert of a promising call: the product's wording, letter by letter, with the blank before the line break.
 * @param style.plain leaves the emoji out, so that the text stays within GSM-7.
 */
export function hotLeadText(lead: HotLead, style: { plain: boolean; timeZone: string }): string {
  const written = (text: string) => (style.plain ? plainAscii(text, 60) : plainPunctuation(text, 60));
  const sign = (emoji: string) => (style.plain ? "" : `${emoji} `);
  const booked = lead.bookedStart
    ? `Booked appointment ${DateTime.fromJSDate(lead.bookedStart, { zone: style.timeZone }).setLocale("en-US").toFormat("LLL d")}`
    : "";
  const what = written(lead.offeringName) || "not named";
  const who = [written(lead.customerName), lead.customerPhone].filter(Boolean).join(" ");
  return `${sign("\u{1F525}")}HOT LEAD! ${who} \n${sign("\u{1F484}")}Service: ${what}${booked ? ` (${booked})` : ""}`;
}
