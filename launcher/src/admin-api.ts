import type { ResolvedTenant } from "@bookproof/tenant-file";
import { z } from "zod";

/** What the gateway refused, in its own sentence, or why it could not be reached. */
export class AdminApiError extends Error {
  /** The HTTP status; absent when nobody answered. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.name = "AdminApiError";
    this.status = status;
  }
}

const tenantListSchema = z.object({
  tenants: z.array(
    z.object({ id: z.string(), name: z.string(), timeZone: z.string(), phoneNumbers: z.array(z.string()) }),
  ),
});
const flowSchema = z.object({
  traces: z.array(
    z.object({
      cid: z.string(),
      direction: z.string(),
      stage: z.string(),
      reason: z.string(),
      payload: z.record(z.string(), z.json()),
      service: z.string(),
      createdAt: z.string(),
    }),
  ),
  conversations: z.array(z.record(z.string(), z.json())),
});

const assistantSchema = z.object({ assistant: z.looseObject({ name: z.string() }) });

/** A voice assistant as Vapi's API takes it. */
export type Assistant = z.infer<typeof assistantSchema>["assistant"];
export type SmsFlow = z.infer<typeof flowSchema>;
export type Role = "tenant_admin" | "platform_owner";
export type FlowQuery = { cid?: string; phone?: string; tenantId?: string; limit?: string };
export type AdminApi = ReturnType<typeof createAdminApi>;

/** A client of the gateway's admin API. Everything throws AdminApiError. */
export function createAdminApi(gatewayUrl: string, token: string) {
  async function call<T>(method: string, path: string, answer: z.ZodType<T>, body?: unknown): Promise<T> {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(30_000),
    }).catch(() => {
      throw new AdminApiError(`Nothing answers at ${gatewayUrl}.`);
    });
    const text = await response.text();
    if (!response.ok)
      throw new AdminApiError(sentenceIn(text) ?? `The gateway answered ${response.status}.`, response.status);
    const result = answer.safeParse(parseJson(text));
    if (result.success) return result.data;
    throw new AdminApiError(`What answers at ${gatewayUrl} is not Bookproof's gateway of this version.`);
  }
  return {
    applyTenant: (tenant: ResolvedTenant) =>
      call("PUT", `/api/admin/tenants/${tenant.id}`, z.object({ created: z.boolean() }), tenant),
    listTenants: async () => (await call("GET", "/api/admin/tenants", tenantListSchema)).tenants,
    createToken: async (request: { role: Role; tenantId?: string }) =>
      (await call("POST", "/api/admin/tokens", z.object({ token: z.string() }), request)).token,
    resolveConversation: async (cid: string) =>
      (await call("POST", "/api/conversations/resolve", z.object({ resolved: z.boolean() }), { cid })).resolved,
    /** Vapi's CreateAssistantDTO of a tenant. */
    describeAssistant: async (tenantId: string) =>
      (await call("GET", `/api/admin/tenants/${encodeURIComponent(tenantId)}/assistant`, assistantSchema)).assistant,
    readFlow: (query: FlowQuery): Promise<SmsFlow> =>
      call("GET", `/api/debug/sms-flow?${new URLSearchParams(query)}`, flowSchema),
  };
}

const refusalSchema = z.object({ error: z.string() });

function sentenceIn(text: string): string | undefined {
  return refusalSchema.safeParse(parseJson(text)).data?.error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
