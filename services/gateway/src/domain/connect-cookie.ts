import { createHash } from "node:crypto";

/** The cookie of one sign-in at Google: two that run side by side in a browser do not disturb each other. */
const nameOf = (state: string) => `bookproof_connect_${createHash("sha256").update(state).digest("hex").slice(0, 16)}`;

/**
 * Sets, or with an empty token removes, the cookie that binds a sign-in to its browser. Only where Google sends the browser back to it
 * is sent, and not by another site's forms or scripts; Lax, since it is Google's page that leads there.
 */
export function connectCookie(
  { state, browserToken, lifetimeSeconds }: { state: string; browserToken: string; lifetimeSeconds: number },
  redirectUri: string,
): string {
  const { pathname, protocol } = new URL(redirectUri);
  const secure = protocol === "https:" ? "; Secure" : "";
  return `${nameOf(state)}=${browserToken}; Path=${pathname}; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** The token that the browser brings for a state; "" where it brings none. @param header of `Cookie` */
export function readConnectCookie(header: string | undefined, state: string): string {
  const prefix = `${nameOf(state)}=`;
  const pair = header?.split(/;\s*/).find((one) => one.startsWith(prefix));
  return pair?.slice(prefix.length) ?? "";
}
