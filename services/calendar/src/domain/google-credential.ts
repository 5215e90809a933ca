import { createPrivateKey } from "node:crypto";
import { z } from "zod";

/** What opens a calendar at Google. */
export type GoogleCredential =
  | { kind: "refresh_token"; refreshToken: string }
  | { kind: "service_account"; email: string; privateKey: string; privateKeyId: string };

const keyFile = z.object({
  client_email: z.string().min(1),
  private_key: z.string().refine(isPrivateKey),
  private_key_id: z.string().default(""),
});

/** Reads a service account's key file (JSON text), or gives undefined where it is not a usable one. */
export function readServiceAccountKey(text: string): GoogleCredential | undefined {
  const file = keyFile.safeParse(parseJson(text)).data;
  if (!file) return undefined;
  return {
    kind: "service_account",
    email: file.client_email,
    privateKey: file.private_key,
    privateKeyId: file.private_key_id,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}
