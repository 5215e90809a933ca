/** A tenant file that cannot be used; `message` is one sentence that names the tenant and the field, never a secret. */
export class TenantFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TenantFileError";
  }
}
