import { BookproofError } from "@bookproof/errors";

/** Who makes an admin call. */
export type Principal = { role: "platform_owner" } | { role: "tenant_admin"; tenantId: string };

/**
 * The tenant a call is bound to: a tenant admin's own; a platform owner's choice, or "" for all of them.
 * @throws BookproofError `tenant_not_found` when a tenant admin names another tenant, whether or not it exists.
 */
export function tenantScope(principal: Principal, asked: string | undefined): string {
  if (principal.role === "platform_owner") return asked ?? "";
  if (asked && asked.toLowerCase() !== principal.tenantId) throw new BookproofError("tenant_not_found");
  return principal.tenantId;
}

/**
 * The one tenant a call is about: a tenant admin's own, or the one that a platform owner names.
 * @throws BookproofError `tenant_not_found` as `tenantScope`; `invalid_argument` when a platform owner names none.
 */
export function oneTenant(principal: Principal, asked: string | undefined): string {
  const tenantId = tenantScope(principal, asked);
  if (!tenantId) throw new BookproofError("invalid_argument", "tenantId: is missing.");
  return tenantId;
}

/** @throws BookproofError `permission_denied` for anybody but a platform owner. */
export function requirePlatformOwner(principal: Principal): void {
  if (principal.role !== "platform_owner") throw new BookproofError("permission_denied");
}
