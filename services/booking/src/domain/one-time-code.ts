import { createHmac, hkdfSync, randomInt, timingSafeEqual } from "node:crypto";

/** What a code is good for: one hold of one tenant, and the phone or e-mail it was sent for. */
export interface CodeBinding {
  tenantId: string;
  holdId: string;
  /** E.164, or an e-mail where the customer has no phone. */
  recipient: string;
}

export interface OneTimeCodes {
  /** Four random digits. */
  draw(): string;
  /** What may be stored of a code: nothing can be read from it without the key, and it fits its binding alone. */
  seal(binding: CodeBinding, code: string): string;
  /** Whether `code` is the one that was sealed, in constant time. */
  matches(sealed: string, binding: CodeBinding, code: string): boolean;
  /** A recipient as the limits count it. */
  recipientHash(tenantId: string, recipient: string): string;
}

/**
 * Codes under keys derived (HKDF, RFC 5869) from `secretsKeys`, 32 bytes in base64 each, which are never in the database. The first seals; a
 * code that was sent under another is still good.
 */
export function createOneTimeCodes(secretsKeys: readonly string[]): OneTimeCodes {
  const [key = Buffer.alloc(0), ...olderKeys] = secretsKeys.map((secretsKey) =>
    Buffer.from(hkdfSync("sha256", Buffer.from(secretsKey, "base64"), "", "otp", 32)),
  );
  const hash = (under: Buffer, ...parts: string[]) =>
    createHmac("sha256", under).update(JSON.stringify(parts)).digest();
  const mac = ({ tenantId, holdId, recipient }: CodeBinding, code: string, under: Buffer) =>
    hash(under, "code", tenantId, holdId, recipient, code);
  return {
    draw: () => String(randomInt(10_000)).padStart(4, "0"),
    seal: (binding, code) => mac(binding, code, key).toString("base64url"),
    matches(sealed, binding, code) {
      const expected = Buffer.from(sealed, "base64url");
      return [key, ...olderKeys].some((under) => {
        const given = mac(binding, code, under);
        return expected.length === given.length && timingSafeEqual(expected, given);
      });
    },
    recipientHash: (tenantId, recipient) => hash(key, "recipient", tenantId, recipient).toString("base64url"),
  };
}
