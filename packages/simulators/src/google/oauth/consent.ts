import { z } from "zod";

/** What the person in front of Google's consent page does. */
export const consentSchema = z.strictObject({
  /** `ask` shows a page with two buttons; the others answer at once. */
  answer: z.enum(["allow", "deny", "ask"]).default("allow"),
  /** The Google account that is signed in; the id of its primary calendar as well. */
  account: z.string().min(1).default("owner@example.com"),
  /** The boxes that are ticked; absent means every scope that was asked for. */
  scopes: z.array(z.string()).optional(),
});
export type ConsentInput = z.input<typeof consentSchema>;
export type Consent = z.output<typeof consentSchema>;

/** The page of `ask`: it posts `answer` to its own address. */
export function consentPage(ask: { clientId: string; account: string; scopes: string[] }): string {
  const scopes = ask.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in - Google Accounts (simulated)</title></head>
<body><h1>${escapeHtml(ask.clientId)} wants access to your Google Account</h1>
<p>${escapeHtml(ask.account)}</p><ul>${scopes}</ul>
<form method="post"><button name="answer" value="deny">Cancel</button> <button name="answer" value="allow">Allow</button></form>
</body></html>`;
}

/** The page of a request that Google refuses to send back: there is no address it trusts. */
export function authorizationErrorPage(status: number, error: string, description: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Error ${status} (simulated)</title></head>
<body><h1>Access blocked: authorization error</h1><p>Error ${status}: ${escapeHtml(error)}</p><p>${escapeHtml(description)}</p></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
