import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Calendar, Calendars, StoredEvent } from "./calendars.ts";
import { etagOf, eventResource } from "./event-resource.ts";
import { queryFreeBusy } from "./free-busy.ts";
import { type WriteEntry, writeEntry } from "./ledger.ts";
import { listEvents } from "./list-events.ts";
import type { Grant, Tokens } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";
import { deleteEvent, findEvent, insertEvent, patchEvent, updateEvent, type Writer } from "./write-event.ts";

export type CalendarRouteDeps = {
  calendars: Calendars;
  tokens: Tokens;
  record(write: WriteEntry): void;
  now: () => number;
};

const paramsSchema = z.object({ calendarId: z.string(), eventId: z.string().default("") });
const querySchema = z.object({
  sendUpdates: z.enum(["all", "externalOnly", "none"]).optional(),
  timeZone: z.string().optional(),
});

/** The part of the Calendar API that the product may use, under `/calendar/v3`. */
export function addCalendarRoutes(app: FastifyInstance, deps: CalendarRouteDeps): void {
  const { calendars, tokens, now } = deps;
  const base = "/calendar/v3";
  const events = `${base}/calendars/:calendarId/events`;

  function authenticate(request: FastifyRequest): Grant {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const grant = token === undefined ? undefined : tokens.check(token);
    if (grant !== undefined) return grant;
    throw new GoogleRefusal(401, "authError", "Invalid Credentials", {
      locationType: "header",
      location: "Authorization",
    });
  }

  function write(
    action: WriteEntry["action"],
    request: FastifyRequest,
    carryOut: (calendar: Calendar, target: { id: string; ifMatch: string | undefined }, writer: Writer) => StoredEvent,
  ): { calendar: Calendar; event: StoredEvent } {
    const grant = authenticate(request);
    const { calendarId, eventId } = paramsSchema.parse(request.params);
    const { sendUpdates = null } = querySchema.parse(request.query);
    const calendar = calendars.open(calendarId, grant, "write");
    const ifMatch = request.headers["if-match"];
    const event = carryOut(calendar, { id: eventId, ifMatch }, { grant, by: "api", now: now() });
    deps.record(writeEntry(calendar, event, { action, by: "api", sendUpdates, acceptedAt: now() }));
    return { calendar, event };
  }

  app.post(events, async (request) =>
    answer(write("insert", request, (calendar, _target, writer) => insertEvent(calendar, request.body, writer))),
  );
  app.put(`${events}/:eventId`, async (request) =>
    answer(write("update", request, (calendar, target, writer) => updateEvent(calendar, target, request.body, writer))),
  );
  app.patch(`${events}/:eventId`, async (request) =>
    answer(write("patch", request, (calendar, target, writer) => patchEvent(calendar, target, request.body, writer))),
  );
  app.delete(`${events}/:eventId`, async (request, reply) => {
    write("delete", request, deleteEvent);
    return reply.code(204).send();
  });

  app.get(`${events}/:eventId`, async (request, reply) => {
    const { calendarId, eventId } = paramsSchema.parse(request.params);
    const calendar = calendars.open(calendarId, authenticate(request), "read");
    const event = findEvent(calendar, eventId);
    reply.header("etag", etagOf(event));
    return eventResource(calendar, event, querySchema.parse(request.query).timeZone);
  });
  app.get(events, async (request) => {
    const { calendarId } = paramsSchema.parse(request.params);
    return listEvents(calendars.open(calendarId, authenticate(request), "read"), request.query);
  });
  app.post(`${base}/freeBusy`, async (request) => queryFreeBusy(calendars, authenticate(request), request.body));

  app.get(`${base}/calendars/:calendarId`, async (request) => {
    const { calendarId } = paramsSchema.parse(request.params);
    const { id, timeZone } = calendars.open(calendarId, authenticate(request), "read");
    return { kind: "calendar#calendar", etag: `"${id}"`, id, summary: id, timeZone };
  });
  app.get(`${base}/users/me/calendarList`, async (request) => {
    const grant = authenticate(request);
    const seen = calendars.all().filter(({ id }) => calendars.find(id, grant) !== undefined);
    const items = seen.map(({ id, timeZone, accessRole }) => ({
      ...{ kind: "calendar#calendarListEntry", etag: `"${id}"`, id, summary: id, timeZone, accessRole },
    }));
    return { kind: "calendar#calendarList", etag: '"list"', items };
  });
}

function answer({ calendar, event }: { calendar: Calendar; event: StoredEvent }): object {
  return eventResource(calendar, event);
}
