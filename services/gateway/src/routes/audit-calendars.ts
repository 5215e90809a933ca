import type { CalendarAudit, CalendarDifference } from "@bookproof/proto/booking";
import { parseRequest } from "@bookproof/service";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { tenantScope } from "../domain/principal.ts";
import { principalOf } from "./authenticate.ts";

const body = z.object(
  { calendar: z.string().max(200).default(""), repair: z.boolean("must be true or false").default(false) },
  "must be a JSON object",
);

/** Longer than any calendar takes to list its events. */
const auditMs = 60_000;

interface OfTenant {
  Params: { id: string };
}

/** What a tenant's appointments and its calendars disagree about, for its admin and for a platform owner. */
export const auditCalendarRoutes = (deps: Deps) => async (app: FastifyInstance) => {
  app.post<OfTenant>("/api/admin/tenants/:id/calendars/audit", async (request) => {
    const tenantId = tenantScope(principalOf(request), request.params.id.toLowerCase());
    const { calendar: calendarId, repair } = parseRequest(body, request.body ?? {});
    const asked = { tenantId, calendarId, repair };
    const { calendars } = await deps.booking.auditCalendars(asked, { deadline: auditMs, retry: false });
    return { calendars: calendars.map(showAudit) };
  });
};

function showAudit({ calendarId, calendarName, appointments, events, unreadableReason, differences }: CalendarAudit) {
  return {
    ...{ calendar: calendarId, name: calendarName, appointments, events, unreadableReason },
    differences: differences.map(showDifference),
  };
}

function showDifference({ kind, eventId, appointment, eventRange, repaired }: CalendarDifference) {
  return {
    kind: kind.replace("DIFFERENCE_KIND_", "").toLowerCase(),
    eventId,
    appointment: appointment
      ? {
          id: appointment.appointmentId,
          start: appointment.start?.toISOString() ?? "",
          offering: appointment.offeringName,
          customerName: appointment.customerName,
          customerPhone: appointment.customerPhone,
        }
      : null,
    eventStart: eventRange?.from?.toISOString() ?? "",
    repaired,
  };
}
