import { withTenant } from "@bookproof/postgres";
import type { ListAppointmentsRequest, ListAppointmentsResponse } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { selectAppointments } from "../queries/appointments.ts";

const usualLimit = 100;
const schema = z.object({
  tenantId: z.guid(),
  range: z.object({ from: z.date(), to: z.date() }).refine(({ from, to }) => from < to, "must begin before it ends"),
  calendarId: z.string().max(200),
  customerPhone: z.string().max(50),
  limit: z.int().min(0).max(500),
});

/** What an owner sees of the appointments, failed and cancelled ones included. */
export const listAppointments =
  (deps: Deps) =>
  async (request: ListAppointmentsRequest): Promise<ListAppointmentsResponse> => {
    const { tenantId, range, limit, ...wanted } = parseRequest(schema, request);
    const found = await withTenant(deps.pool, tenantId, (client) =>
      selectAppointments(client, tenantId, { ...wanted, ...range, limit: limit || usualLimit }),
    );
    return {
      appointments: found.map(({ summary, status, drift, verifiedAt }) => ({
        appointment: summary,
        status,
        drift,
        verifiedAt,
      })),
    };
  };
