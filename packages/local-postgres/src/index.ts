export { dieWhenStdinEnds, dieWithParent, findSetpriv } from "./die-with-parent.ts";
export { findFreePorts, isPortFree } from "./free-port.ts";
export { makeSibling } from "./half-made-sibling.ts";
export { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from "./start-local-postgres.ts";
