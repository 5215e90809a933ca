export { dieWithParent, findSetpriv } from "./die-with-parent.ts";
export { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from "./start-local-postgres.ts";
