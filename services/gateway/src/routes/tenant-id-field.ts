import { z } from "zod";

/** The tenant that a call names, if it names one. */
export const tenantIdField = z.guid("must be a UUID").toLowerCase().optional();
