/** Whether a database error is the violation of the named constraint. */
export function isConstraint(error: unknown, name: string): boolean {
  return error instanceof Error && "constraint" in error && error.constraint === name;
}
