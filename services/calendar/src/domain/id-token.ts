import { z } from "zod";

const claims = z.object({ email: z.email() });

/**
 * The e-mail address in an ID token; "" where there is none. Its signature is not checked: it must have come from Google's token
 * endpoint itself (OpenID Connect Core 1.0, 3.1.3.7, 6.), and it is shown, never trusted.
 */
export function emailOfIdToken(idToken: string | undefined): string {
  const payload = Buffer.from(idToken?.split(".")[1] ?? "", "base64url").toString("utf8");
  try {
    return claims.parse(JSON.parse(payload)).email;
  } catch {
    return "";
  }
}
