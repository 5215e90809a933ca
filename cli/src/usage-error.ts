/** A command that cannot be carried out as it was given; `message` is one sentence. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
