import { BookproofError } from "@bookproof/errors";
import { withTenant } from "@bookproof/postgres";
import type { ApplyTenantRequest, ApplyTenantResponse, Tenant } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { tenantSchema } from "../domain/tenant.ts";
import { replaceOfferings, replacePhoneNumbers, upsertTenant } from "../queries/tenants.ts";

/** Creates or updates a tenant, its offerings, numbers and calendars; the calendars first, since offerings name them. */
export const applyTenant =
  (deps: Deps) =>
  async (request: ApplyTenantRequest): Promise<ApplyTenantResponse> => {
    const tenant: Tenant = parseRequest(tenantSchema, request.tenant);
    const calendarIds = new Set(request.calendars.map((calendar) => calendar.id));
    for (const offering of tenant.offerings) {
      const unknown = offering.calendarIds.find((id) => !calendarIds.has(id));
      if (unknown)
        throw new BookproofError(
          "invalid_argument",
          `Offering ${offering.id} names the calendar ${unknown}, which the tenant does not have.`,
        );
    }
    await deps.calendar.applyCalendars({
      tenantId: tenant.id,
      timeZone: tenant.timeZone,
      calendars: request.calendars,
    });
    const created = await withTenant(deps.pool, tenant.id, async (client) => {
      const isNew = await upsertTenant(
        client,
        { ...tenant, workingHours: request.calendars.flatMap((calendar) => calendar.workingHours) },
        {
          twilioAccountSid: request.twilio?.accountSid ?? "",
          twilioAuthTokenSealed: deps.secrets.seal(request.twilio?.authToken ?? ""),
          vapiSecretSealed: deps.secrets.seal(request.vapi?.secret ?? ""),
          vapiHmacSecretSealed: deps.secrets.seal(request.vapi?.hmacSecret ?? ""),
          vapiPromptExtension: request.vapi?.promptExtension ?? "",
        },
        Object.fromEntries(request.calendars.map((calendar) => [calendar.id, calendar.displayName])),
      );
      await replacePhoneNumbers(client, tenant.id, tenant.phoneNumbers);
      await replaceOfferings(client, tenant.id, tenant.offerings);
      return isNew;
    });
    return { created };
  };
