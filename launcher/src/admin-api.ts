import type { ResolvedTenant } from "@bookproof/tenant-file";
import { z } from "zod";
import { appointmentCalls } from "./appointment-calls.ts";
import { calendarAuditsSchema } from "./calendar-audit.ts";
import { calendarCalls } from "./calendar-calls.ts";

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

const checkSchema = z.object({
  name: z.string(),
  status: z.enum(["ok", "warning", "failed", "skipped"]),
  detail: z.string(),
  whatToDo: z.string(),
});
const examinationSchema = z.object({
  tenant: z.object({ id: z.string(), name: z.string() }),
  parts: z.array(z.object({ part: z.string(), checks: z.array(checkSchema) })),
  testAlertId: z.string().nullable(),
});
const testAlertSchema = z.object({ acknowledged: z.boolean(), settled: z.boolean(), delivery: checkSchema });

const connectionSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  kind: z.string(),
  state: z.enum(["connected", "not_connected", "disconnected"]),
  reason: z.string(),
  accountEmail: z.string().nullable(),
  connectedAt: z.string().nullable(),
  whatToDo: z.string(),
});
const connectionsSchema = z.object({
  tenant: z.object({ id: z.string(), name: z.string() }),
  calendars: z.array(connectionSchema),
});
const connectLinkSchema = z.object({ url: z.string(), expiresAt: z.string() });

/** How a tenant's calendars are connected; `reason` and `whatToDo` are empty for what is connected. */
export type CalendarConnections = z.infer<typeof connectionsSchema>;

/** What the doctor found of one thing; `whatToDo` is empty for what is well. */
export type DoctorCheck = z.infer<typeof checkSchema>;
export type Examination = z.infer<typeof examinationSchema>;
export type TestAlertState = z.infer<typeof testAlertSchema>;

/** A voice assistant as Vapi's API takes it. */
export type Assistant = z.infer<typeof assistantSchema>["assistant"];
export type SmsFlow = z.infer<typeof flowSchema>;
export type Role = "tenant_admin" | "platform_owner";
export type FlowQuery = { cid?: string; phone?: string; tenantId?: string; limit?: string };
export type AdminApi = ReturnType<typeof createAdminApi>;

/** A client of the gateway's admin API. Everything throws AdminApiError. */
export function createAdminApi(gatewayUrl: string, token: string) {
  async function call<T>(
    method: string,
    path: string,
    answer: z.ZodType<T>,
    { body, timeoutMs = 30_000 }: { body?: unknown; timeoutMs?: number } = {},
  ): Promise<T> {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(timeoutMs),
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
      call("PUT", `/api/admin/tenants/${tenant.id}`, z.object({ created: z.boolean() }), { body: tenant }),
    listTenants: async () => (await call("GET", "/api/admin/tenants", tenantListSchema)).tenants,
    createToken: async (request: { role: Role; tenantId?: string }) =>
      (await call("POST", "/api/admin/tokens", z.object({ token: z.string() }), { body: request })).token,
    resolveConversation: async (cid: string) =>
      (await call("POST", "/api/conversations/resolve", z.object({ resolved: z.boolean() }), { body: { cid } }))
        .resolved,
    /** Vapi's CreateAssistantDTO of a tenant. */
    describeAssistant: async (tenantId: string) =>
      (await call("GET", `/api/admin/tenants/${encodeURIComponent(tenantId)}/assistant`, assistantSchema)).assistant,
    /** Checks a tenant with the services that hold its credentials, and texts its owner a test. Takes up to half a minute. */
    examineTenant: (tenantId: string): Promise<Examination> =>
      call("POST", `/api/admin/tenants/${encodeURIComponent(tenantId)}/doctor`, examinationSchema, {
        timeoutMs: 60_000,
      }),
    /** Compares a tenant's appointments with its calendars, both ways. Takes up to a minute. */
    auditCalendars: (tenantId: string, options: { calendar?: string; repair: boolean }) =>
      call("POST", `/api/admin/tenants/${encodeURIComponent(tenantId)}/calendars/audit`, calendarAuditsSchema, {
        ...{ body: options, timeoutMs: 90_000 },
      }),
    readTestAlert: (tenantId: string, testAlertId: string): Promise<TestAlertState> =>
      call("GET", `/api/admin/tenants/${encodeURIComponent(tenantId)}/doctor/${testAlertId}`, testAlertSchema),
    listCalendars: (tenantId: string): Promise<CalendarConnections> =>
      call("GET", `/api/calendars?${new URLSearchParams({ tenantId })}`, connectionsSchema),
    /** A link by which its holder connects a calendar at Google, until `expiresAt` (RFC 3339) or until it is connected. */
    createConnectLink: (tenantId: string, calendar: string) =>
      call("POST", "/api/google/connect-links", connectLinkSchema, { body: { tenantId, calendar } }),
    readFlow: (query: FlowQuery): Promise<SmsFlow> =>
      call("GET", `/api/debug/sms-flow?${new URLSearchParams(query)}`, flowSchema),
    ...calendarCalls(call),
    ...appointmentCalls(call),
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
