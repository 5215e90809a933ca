import { z } from "zod";

/** A form field that stands once. NULs are dropped, since no Postgres text can hold them. */
export const once = z.string("must be given once").transform((text) => text.replaceAll("\0", ""));

/** A form field that must be there. */
export const required = (maxLength: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? "is missing" : "must be given once") })
    .transform((text) => text.replaceAll("\0", "").trim())
    .pipe(z.string().min(1, "is missing").max(maxLength, `is longer than ${maxLength} characters`));
