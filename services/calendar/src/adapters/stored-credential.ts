import type { SecretBox } from "@bookproof/postgres";
import { type GoogleCredential, readServiceAccountKey } from "../domain/google-credential.ts";
import type { StoredCredential } from "../queries/calendars.ts";

/** What a sealed text holds; undefined when it was sealed under a SECRETS_KEY that is not among ours. */
export function tryOpen(secrets: SecretBox, sealed: string): string | undefined {
  try {
    return secrets.open(sealed);
  } catch {
    return undefined;
  }
}

/** What opens a calendar at Google; undefined when it cannot be read or is no usable key file. */
export function readStoredCredential(
  secrets: SecretBox,
  { credentialKind, credentialSealed }: StoredCredential,
): GoogleCredential | undefined {
  const secret = tryOpen(secrets, credentialSealed);
  if (secret === undefined) return undefined;
  if (credentialKind === "service_account") return readServiceAccountKey(secret);
  return { kind: "refresh_token", refreshToken: secret };
}
