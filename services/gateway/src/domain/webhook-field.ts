import { z } from "zod";

/** A form field that stands once. NULs are dropped, since no Postgres text can hold them. */
export const once = z.string("must be given once").transform((text) => text.replaceAll("\0", ""));

/** A form field that must be there. */
export const required = (maxLength: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? "is missing" : "must be given once") })
    .transform((text) => text.replaceAll("\0", "").trim())
    .pipe(z.string().min(1, "is missing").max(maxLength, `is longer than ${maxLength} characters`));

/**
 * Two letters and 32 hexadecimal digits (https://www.twilio.com/docs/glossary/what-is-a-sid). Nothing else may pass for one: a message's
 * SID is written to logs and traces.
 */
export const messageSid = required(64).pipe(z.string().regex(/^[a-z]{2}[\da-f]{32}$/i, "is no SID of a message"));
