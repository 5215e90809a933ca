import type { CalendarConnection } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { oneTenant } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";
import { tenantIdField } from "./tenant-id-field.ts";

const listQuery = z.object({ tenantId: tenantIdField });
const linkBody = z.object(
  {
    tenantId: tenantIdField,
    calendar: z.string("is missing").min(1, "is missing").max(200, "must have 200 characters at most"),
  },
  "must be a JSON object",
);

/** A tenant's calendars and how they are connected. */
export const calendarRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.get("/api/calendars", async (request) => {
    const tenantId = oneTenant(principalOf(request), parseRequest(listQuery, request.query).tenantId);
    const [{ tenant }, { calendars }] = await Promise.all([
      deps.booking.getTenant({ tenantId }),
      deps.calendar.listCalendarConnections({ tenantId }),
    ]);
    return { tenant: { id: tenantId, name: tenant?.name ?? "" }, calendars: calendars.map(showConnection) };
  });

  app.post("/api/google/connect-links", async (request, reply) => {
    const { tenantId: asked, calendar: calendarId } = parseRequest(linkBody, request.body);
    const tenantId = oneTenant(principalOf(request), asked);
    const { path, expiresAt } = await deps.calendar.createConnectLink({ tenantId, calendarId });
    return reply.code(201).send({ url: `${deps.config.publicUrl}${path}`, expiresAt: expiresAt?.toISOString() });
  });
};

/** A connection as the API shows it: its state is "connected", "not_connected" or "disconnected". */
function showConnection({ calendarId, state, accountEmail, connectedAt, ...rest }: CalendarConnection) {
  return {
    id: calendarId,
    ...rest,
    state: state.replace("CONNECTION_STATE_", "").toLowerCase(),
    accountEmail: accountEmail || null,
    connectedAt: connectedAt?.toISOString() ?? null,
  };
}
