/** Why the system does not start, in one line for whoever typed the command. */
export class LauncherError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LauncherError";
  }
}

/** What an error says. A refused connection to a name with several addresses has no message of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0]);
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}
