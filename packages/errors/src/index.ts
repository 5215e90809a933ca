export { BookproofError, hasReason, reasonOf } from "./bookproof-error.ts";
export { type Reason, reasonRow, reasons } from "./reasons.ts";
