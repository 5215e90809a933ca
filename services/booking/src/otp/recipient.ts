import type { Hold } from "../queries/holds.ts";

/** Whom a hold's code stands for: its phone, or its e-mail where it has none. */
export const recipientOf = (hold: Hold): string => hold.customerPhone || hold.customerEmail.toLowerCase();
