/** Why the system does not start, in one line for whoever typed the command. */
export class LauncherError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LauncherError";
  }
}
