import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { OauthRefusal } from "./oauth-refusal.ts";

/** An application as it is registered at Google. */
export const oauthClientSchema = z.object({
  id: z.string().min(1),
  /** Absent: any secret is taken. */
  secret: z.string().min(1).optional(),
  /** Compared exactly, as Google does. */
  redirectUris: z.array(z.url()),
});
export type OauthClient = z.infer<typeof oauthClientSchema>;

/** The registered applications. */
export type OauthClients = {
  /** @throws OauthRefusal 401 invalid_client, 400 redirect_uri_mismatch */
  checkRedirect(clientId: string, redirectUri: string): void;
  /** @throws OauthRefusal 401 invalid_client */
  checkSecret(clientId: string, secret: string | undefined): void;
};

/** Without a list, every application is registered, with every address. */
export function createOauthClients(registered: OauthClient[] | undefined): OauthClients {
  function find(clientId: string): OauthClient | undefined {
    if (registered === undefined) return undefined;
    const client = registered.find(({ id }) => id === clientId);
    if (client === undefined) throw new OauthRefusal(401, "invalid_client", "The OAuth client was not found.");
    return client;
  }
  return {
    checkRedirect(clientId, redirectUri) {
      if (find(clientId)?.redirectUris.includes(redirectUri) === false) {
        throw new OauthRefusal(400, "redirect_uri_mismatch", `redirect_uri=${redirectUri}`);
      }
    },
    checkSecret(clientId, secret) {
      const wanted = find(clientId)?.secret;
      if (wanted === undefined) return;
      if (secret === undefined) throw new OauthRefusal(400, "invalid_request", "client_secret is missing.");
      if (!isSame(secret, wanted)) {
        throw new OauthRefusal(401, "invalid_client", "The provided client secret is invalid.");
      }
    },
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
