import { plainAscii } from "./plain-text.ts";

/** An older test alert that was held up is not sent any more: its reply would not count. */
export const testAlertMs = 10 * 60_000;

export const testAlertKey = (testAlertId: string): string => `testalert:${testAlertId}`;

/** The owner's text: plain ASCII, a text or two. Any word back acknowledges it; OK is asked for since others opt the phone out. */
export function testAlertText(businessName: string, ref: string): string {
  return `Bookproof TEST for ${plainAscii(businessName, 40)}: alerts about your customers reach you here. Nothing is wrong. Please reply OK. Ref ${ref}`;
}
