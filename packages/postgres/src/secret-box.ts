import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

export interface SecretBox {
  /** Encrypts a secret; the empty string stays empty. */
  seal(secret: string): string;
  /** Decrypts what `seal` gave. Throws when it was sealed with another key or altered. */
  open(sealed: string): string;
}

/** AES-256-GCM under `key` (32 bytes, base64), stored as `v1.<nonce>.<tag>.<ciphertext>` in base64url. */
export function createSecretBox(key: string): SecretBox {
  const keyBytes = Buffer.from(key, "base64");
  return {
    seal(secret) {
      if (secret === "") return "";
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", keyBytes, nonce);
      const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return ["v1", ...[nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString("base64url"))].join(".");
    },
    open(sealed) {
      if (sealed === "") return "";
      const [version, nonce, tag, ciphertext] = sealed.split(".");
      if (version !== "v1" || !nonce || !tag || ciphertext === undefined)
        throw new Error("a stored secret is not in the form v1");
      const decipher = createDecipheriv("aes-256-gcm", keyBytes, Buffer.from(nonce, "base64url"), {
        authTagLength: 16,
      });
      decipher.setAuthTag(Buffer.from(tag, "base64url"));
      return Buffer.concat([decipher.update(Buffer.from(ciphertext, "base64url")), decipher.final()]).toString("utf8");
    },
  };
}
