import { BookproofError } from "@bookproof/errors";
import type { Queryable } from "@bookproof/postgres";
import type { LeadScoreWeights, Offering, Tenant } from "@bookproof/proto/booking";
import { isConstraint } from "./constraint.ts";

interface TenantRow {
  tenant_id: string;
  name: string;
  time_zone: string;
  owner_phone: string;
  vip_phone: string;
  owner_email: string;
  hot_lead_alert_phone: string;
  twilio_account_sid: string;
  twilio_auth_token_sealed: string;
  vapi_secret_sealed: string;
  vapi_hmac_secret_sealed: string;
  vapi_prompt_extension: string;
  plain_texts: boolean;
  lead_score_weights: LeadScoreWeights | null;
  slot_step_minutes: number;
  min_notice_minutes: number;
  horizon_days: number;
  hold_minutes: number;
  working_hours: Tenant["workingHours"];
  calendar_names: Record<string, string>;
  phone_numbers: string[];
}

interface OfferingRow {
  id: string;
  name: string;
  aliases: string[];
  duration_minutes: number;
  buffer_before_minutes: number;
  buffer_after_minutes: number;
  needs_address: boolean;
  high_value: boolean;
  price_hint: string;
  calendar_ids: string[];
}

/** A tenant's credentials as they are stored, encrypted, and what else is told to Vapi's side, in clear. */
export interface SealedCredentials {
  twilioAccountSid: string;
  twilioAuthTokenSealed: string;
  vapiSecretSealed: string;
  vapiHmacSecretSealed: string;
  vapiPromptExtension: string;
}

export interface KnownTenant {
  tenant: Tenant;
  credentials: SealedCredentials;
  /** Calendar id → the name customers know it by. */
  calendarNames: Record<string, string>;
}

/** The ids of tenants after `afterId`, ascending: the one look-up that precedes a tenant. */
export async function selectTenantIds(client: Queryable, afterId: string, limit: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>("SELECT booking.tenant_ids($1, $2) AS id", [
    afterId || null,
    limit,
  ]);
  return rows.map((row) => row.id);
}

/** One tenant with its credentials still sealed, or undefined. */
export async function selectTenant(client: Queryable, tenantId: string): Promise<KnownTenant | undefined> {
  const { rows } = await client.query<TenantRow>(
    `SELECT tenant_id, name, time_zone, owner_phone, vip_phone, owner_email, hot_lead_alert_phone, twilio_account_sid,
       twilio_auth_token_sealed, vapi_secret_sealed, vapi_hmac_secret_sealed, vapi_prompt_extension, plain_texts,
       lead_score_weights, slot_step_minutes, min_notice_minutes, horizon_days, hold_minutes, working_hours, calendar_names,
       ARRAY(SELECT phone_e164 FROM booking.tenant_phone_numbers n WHERE n.tenant_id = t.tenant_id ORDER BY position) AS phone_numbers
     FROM booking.tenants t WHERE tenant_id = $1`,
    [tenantId],
  );
  const row = rows[0];
  if (!row) return undefined;
  const offerings = await selectOfferings(client, tenantId);
  return {
    tenant: {
      id: row.tenant_id,
      name: row.name,
      timeZone: row.time_zone,
      phoneNumbers: row.phone_numbers,
      owner: {
        phone: row.owner_phone,
        vipPhone: row.vip_phone,
        email: row.owner_email,
        hotLeadAlertPhone: row.hot_lead_alert_phone,
      },
      bookingRules: {
        slotStepMinutes: row.slot_step_minutes,
        minNoticeMinutes: row.min_notice_minutes,
        horizonDays: row.horizon_days,
        holdMinutes: row.hold_minutes,
      },
      offerings,
      workingHours: row.working_hours,
      plainTexts: row.plain_texts,
      leadScoreWeights: row.lead_score_weights ?? undefined,
    },
    credentials: {
      twilioAccountSid: row.twilio_account_sid,
      twilioAuthTokenSealed: row.twilio_auth_token_sealed,
      vapiSecretSealed: row.vapi_secret_sealed,
      vapiHmacSecretSealed: row.vapi_hmac_secret_sealed,
      vapiPromptExtension: row.vapi_prompt_extension,
    },
    calendarNames: row.calendar_names,
  };
}

async function selectOfferings(client: Queryable, tenantId: string): Promise<Offering[]> {
  const { rows } = await client.query<OfferingRow>(
    `SELECT id, name, aliases, duration_minutes, buffer_before_minutes, buffer_after_minutes, needs_address, high_value, price_hint, calendar_ids
     FROM booking.offerings WHERE tenant_id = $1 AND NOT retired ORDER BY position`,
    [tenantId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    aliases: row.aliases,
    durationMinutes: row.duration_minutes,
    bufferBeforeMinutes: row.buffer_before_minutes,
    bufferAfterMinutes: row.buffer_after_minutes,
    needsAddress: row.needs_address,
    highValue: row.high_value,
    priceHint: row.price_hint,
    calendarIds: row.calendar_ids,
  }));
}

/** Creates or updates the tenant's own row. @returns whether it is new. */
export async function upsertTenant(
  client: Queryable,
  tenant: Tenant,
  credentials: SealedCredentials,
  calendarNames: Record<string, string>,
): Promise<boolean> {
  const { rows } = await client.query<{ created: boolean }>(
    `INSERT INTO booking.tenants (tenant_id, name, time_zone, owner_phone, vip_phone, owner_email, hot_lead_alert_phone,
       twilio_account_sid, twilio_auth_token_sealed, vapi_secret_sealed, vapi_hmac_secret_sealed,
       slot_step_minutes, min_notice_minutes, horizon_days, hold_minutes, working_hours, calendar_names,
       vapi_prompt_extension, plain_texts, lead_score_weights)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
     ON CONFLICT (tenant_id) DO UPDATE SET name = EXCLUDED.name, time_zone = EXCLUDED.time_zone, owner_phone = EXCLUDED.owner_phone,
       vip_phone = EXCLUDED.vip_phone, owner_email = EXCLUDED.owner_email, hot_lead_alert_phone = EXCLUDED.hot_lead_alert_phone,
       twilio_account_sid = EXCLUDED.twilio_account_sid, twilio_auth_token_sealed = EXCLUDED.twilio_auth_token_sealed,
       vapi_secret_sealed = EXCLUDED.vapi_secret_sealed, vapi_hmac_secret_sealed = EXCLUDED.vapi_hmac_secret_sealed,
       slot_step_minutes = EXCLUDED.slot_step_minutes, min_notice_minutes = EXCLUDED.min_notice_minutes,
       horizon_days = EXCLUDED.horizon_days, hold_minutes = EXCLUDED.hold_minutes, working_hours = EXCLUDED.working_hours,
       calendar_names = EXCLUDED.calendar_names, vapi_prompt_extension = EXCLUDED.vapi_prompt_extension,
       plain_texts = EXCLUDED.plain_texts, lead_score_weights = EXCLUDED.lead_score_weights, updated_at = now()
     RETURNING xmax = 0 AS created`,
    [
      tenant.id,
      tenant.name,
      tenant.timeZone,
      tenant.owner?.phone ?? "",
      tenant.owner?.vipPhone ?? "",
      tenant.owner?.email ?? "",
      tenant.owner?.hotLeadAlertPhone ?? "",
      credentials.twilioAccountSid,
      credentials.twilioAuthTokenSealed,
      credentials.vapiSecretSealed,
      credentials.vapiHmacSecretSealed,
      tenant.bookingRules?.slotStepMinutes,
      tenant.bookingRules?.minNoticeMinutes,
      tenant.bookingRules?.horizonDays,
      tenant.bookingRules?.holdMinutes,
      JSON.stringify(tenant.workingHours),
      JSON.stringify(calendarNames),
      credentials.vapiPromptExtension,
      tenant.plainTexts,
      tenant.leadScoreWeights ? JSON.stringify(tenant.leadScoreWeights) : null,
    ],
  );
  return rows[0]?.created ?? false;
}

/** Makes `numbers` the tenant's business numbers. @throws BookproofError `phone_number_taken`. */
export async function replacePhoneNumbers(client: Queryable, tenantId: string, numbers: string[]): Promise<void> {
  try {
    await client.query("DELETE FROM booking.tenant_phone_numbers WHERE tenant_id = $1", [tenantId]);
    await client.query(
      `INSERT INTO booking.tenant_phone_numbers (tenant_id, phone_e164, position)
       SELECT $1, phone, position FROM unnest($2::text[]) WITH ORDINALITY AS t (phone, position)`,
      [tenantId, numbers],
    );
  } catch (error) {
    if (isConstraint(error, "uq_tenant_phone_numbers_phone"))
      throw new BookproofError("phone_number_taken", undefined, { cause: error });
    throw error;
  }
}

/** Makes `offerings` what the tenant offers; others are retired, since appointments may name them. */
export async function replaceOfferings(client: Queryable, tenantId: string, offerings: Offering[]): Promise<void> {
  await client.query("UPDATE booking.offerings SET retired = true WHERE tenant_id = $1 AND id <> ALL ($2)", [
    tenantId,
    offerings.map((offering) => offering.id),
  ]);
  for (const [position, offering] of offerings.entries()) {
    await client.query(
      `INSERT INTO booking.offerings (tenant_id, id, position, name, aliases, duration_minutes, buffer_before_minutes, buffer_after_minutes,
         needs_address, high_value, price_hint, calendar_ids)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (tenant_id, id) DO UPDATE SET position = EXCLUDED.position, name = EXCLUDED.name, aliases = EXCLUDED.aliases,
         duration_minutes = EXCLUDED.duration_minutes, buffer_before_minutes = EXCLUDED.buffer_before_minutes,
         buffer_after_minutes = EXCLUDED.buffer_after_minutes, needs_address = EXCLUDED.needs_address, high_value = EXCLUDED.high_value,
         price_hint = EXCLUDED.price_hint, calendar_ids = EXCLUDED.calendar_ids, retired = false`,
      [
        tenantId,
        offering.id,
        position,
        offering.name,
        offering.aliases,
        offering.durationMinutes,
        offering.bufferBeforeMinutes,
        offering.bufferAfterMinutes,
        offering.needsAddress,
        offering.highValue,
        offering.priceHint,
        offering.calendarIds,
      ],
    );
  }
}
