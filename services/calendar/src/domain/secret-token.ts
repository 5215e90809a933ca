import { createHash, randomBytes } from "node:crypto";

/** A secret of 256 random bits, in characters that need no escaping in URLs and cookies. */
export const newSecretToken = (): string => randomBytes(32).toString("base64url");

/** Hex. How a secret is kept that is only to be recognised, and, for one of 256 random bits, what cannot be turned back. */
export const sha256 = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** The code challenge of a PKCE verifier, method S256 (RFC 7636, 4.2). */
export const codeChallengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");
