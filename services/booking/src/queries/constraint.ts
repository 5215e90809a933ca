/** Whether a database error is the violation of the named constraint. */
export function isConstraint(error: unknown, name: string): boolean {
  return error instanceof Error && "constraint" in error && error.constraint === name;
}

/** Whether the database ended a transaction because it and another waited for each other (40P01). */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40P01";
}
