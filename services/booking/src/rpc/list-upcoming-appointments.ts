import { withTenant } from "@bookproof/postgres";
import type { ListUpcomingAppointmentsRequest, ListUpcomingAppointmentsResponse } from "@bookproof/proto/booking";
import type { Deps } from "../deps.ts";
import { selectUpcomingAppointments } from "../queries/appointments.ts";

export const listUpcomingAppointments =
  (deps: Deps) =>
  async ({ tenantId, customerPhone }: ListUpcomingAppointmentsRequest): Promise<ListUpcomingAppointmentsResponse> => ({
    appointments: await withTenant(deps.pool, tenantId, (client) =>
      selectUpcomingAppointments(client, tenantId, customerPhone),
    ),
  });
