export { parseTenantFile, readTenantFile, type TenantFile } from "./parse-tenant-file.ts";
export { hasTwilioToken, resolveSecrets, type SecretLookup, secretVariables } from "./resolve-secrets.ts";
export { type ResolvedTenant, resolvedTenantSchema, toApplyTenantRequest } from "./resolved-tenant.ts";
export { TenantFileError } from "./tenant-file-error.ts";
