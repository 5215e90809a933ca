import { withTenant } from "@bookproof/postgres";
import type { ListConnectionsRequest, ListConnectionsResponse, TenantConnection } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectTenant, selectTenantIds } from "../queries/tenants.ts";

const schema = z.object({ afterId: z.union([z.guid(), z.literal("")]), limit: z.int().min(0).max(500) });

/** What the edges cache without expiry, credentials opened: this RPC is for services alone. */
export const listConnections =
  (deps: Deps) =>
  async (request: ListConnectionsRequest): Promise<ListConnectionsResponse> => {
    const { afterId, limit } = parseRequest(schema, request);
    const ids = await selectTenantIds(deps.pool, afterId, limit || 500);
    const connections = await Promise.all(ids.map((id) => readConnection(deps, id)));
    return { connections: connections.flatMap((one) => (one ? [one] : [])) };
  };

async function readConnection(deps: Deps, tenantId: string): Promise<TenantConnection | undefined> {
  const known = await withTenant(deps.pool, tenantId, (client) => selectTenant(client, tenantId));
  if (!known) return undefined;
  const { tenant, credentials } = known;
  return {
    tenantId,
    name: tenant.name,
    timeZone: tenant.timeZone,
    phoneNumbers: tenant.phoneNumbers,
    owner: tenant.owner,
    twilio: {
      accountSid: credentials.twilioAccountSid,
      authToken: deps.secrets.open(credentials.twilioAuthTokenSealed),
    },
    vapi: {
      secret: deps.secrets.open(credentials.vapiSecretSealed),
      hmacSecret: deps.secrets.open(credentials.vapiHmacSecretSealed),
      promptExtension: credentials.vapiPromptExtension,
    },
    plainTexts: tenant.plainTexts,
  };
}
