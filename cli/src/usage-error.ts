/** A command that cannot be carried out as it was given; `message` is one sentence. */
export class UsageError extends Error {
  /** Of the process; 1 unless the command gives its own meaning to that. */
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "UsageError";
    this.exitCode = options.exitCode ?? 1;
  }
}
