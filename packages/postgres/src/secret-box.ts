import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

export interface SecretBox {
  /** Encrypts a secret; the empty string stays empty. */
  seal(secret: string): string;
  /** Decrypts what `seal` gave. Throws when it was sealed with a key that is not among ours, or altered. */
  open(sealed: string): string;
  /** Whether it was sealed with the newest key; what was not should be sealed again. */
  isCurrent(sealed: string): boolean;
}

/**
 * AES-256-GCM, stored as `v1.<nonce>.<tag>.<ciphertext>` in base64url.
 * @param keys 32 bytes in base64 each: the first seals, every one opens
 */
export function createSecretBox(keys: readonly string[]): SecretBox {
  const [newest = Buffer.alloc(0), ...older] = keys.map((key) => Buffer.from(key, "base64"));
  return {
    seal(secret) {
      if (secret === "") return "";
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", newest, nonce);
      const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return ["v1", ...[nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString("base64url"))].join(".");
    },
    open(sealed) {
      for (const key of older) {
        const secret = opens(key, sealed);
        if (secret !== undefined) return secret;
      }
      return openWith(newest, sealed);
    },
    isCurrent: (sealed) => opens(newest, sealed) !== undefined,
  };
}

function opens(key: Buffer, sealed: string): string | undefined {
  try {
    return openWith(key, sealed);
  } catch {
    return undefined;
  }
}

function openWith(key: Buffer, sealed: string): string {
  if (sealed === "") return "";
  const [version, nonce, tag, ciphertext] = sealed.split(".");
  if (version !== "v1" || !nonce || !tag || ciphertext === undefined)
    throw new Error("a stored secret is not in the form v1");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), { authTagLength: 16 });
  decipher.setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([decipher.update(Buffer.from(ciphertext, "base64url")), decipher.final()]).toString("utf8");
}
