import { withTenant } from "@bookproof/postgres";
import type { CreateConnectLinkRequest, CreateConnectLinkResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import { findConnectable } from "../connect/find-connectable.ts";
import type { Deps } from "../deps.ts";
import { newSecretToken, sha256 } from "../domain/secret-token.ts";
import { insertConnectLink } from "../queries/connect-links.ts";
import { calendarId, tenantId } from "./request-fields.ts";

const lifetimeSeconds = 24 * 60 * 60;
const schema = z.object({ tenantId, calendarId });

/** Makes a link that connects a calendar, for somebody who has no token of ours: its owner, by hand or in an alert. */
export const createConnectLink =
  (deps: Deps) =>
  async (request: CreateConnectLinkRequest): Promise<CreateConnectLinkResponse> => {
    const { tenantId: tenant, calendarId: id } = parseRequest(schema, request);
    await findConnectable(deps, tenant, id);
    const token = newSecretToken();
    const link = { tenantId: tenant, calendarId: id, tokenSha256: sha256(token), lifetimeSeconds };
    const expiresAt = await withTenant(deps.pool, tenant, (client) => insertConnectLink(client, link));
    return { path: `/api/google/connect?link=${token}`, expiresAt };
  };
