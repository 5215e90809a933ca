import { z } from "zod";
import { calendarListEntry, calendarResource, listCalendars } from "./calendar-list.ts";
import type { Calendar, Calendars, StoredEvent } from "./calendars.ts";
import type { Channels } from "./channels.ts";
import type { ApiCall, ApiHandler } from "./discovery/api-routes.ts";
import { eventResource } from "./event-resource.ts";
import { readZone } from "./event-time.ts";
import { queryFreeBusy } from "./free-busy.ts";
import { type WriteEntry, writeEntry } from "./ledger.ts";
import { listEvents } from "./list-events.ts";
import { GoogleRefusal } from "./refusal.ts";
import type { Writer } from "./store-event.ts";
import { deleteEvent, findEvent, insertEvent, moveEvent, patchEvent, updateEvent } from "./write-event.ts";

export type ApiHandlerDeps = {
  calendars: Calendars;
  channels: Channels;
  record(write: WriteEntry): void;
  now: () => number;
};

const viewSchema = z.object({ timeZone: z.string().optional(), maxAttendees: z.number().optional() });
const writeSchema = z.object({ sendUpdates: z.string().nullable().default(null), maxAttendees: z.number().optional() });
const moveSchema = z.object({ destination: z.string() });

type Target = { id: string; ifMatch: string | undefined };

/** What each method of Google's description does here, by `resource.method`. */
export function createApiHandlers({ calendars, channels, record, now }: ApiHandlerDeps): Record<string, ApiHandler> {
  const open = ({ calendarId, grant }: ApiCall, access: "read" | "write") => calendars.open(calendarId, grant, access);
  const writerOf = ({ grant }: ApiCall): Writer => ({ grant, by: "api", now: now() });

  function note(call: ApiCall, action: WriteEntry["action"], calendar: Calendar, event: StoredEvent): void {
    const { sendUpdates } = writeSchema.parse(call.query);
    record(writeEntry(calendar, event, { action, by: "api", sendUpdates, acceptedAt: now() }));
  }

  function write(
    action: WriteEntry["action"],
    carryOut: (calendar: Calendar, target: Target, call: ApiCall) => StoredEvent,
  ): ApiHandler {
    return (call) => {
      const calendar = open(call, "write");
      const event = carryOut(calendar, { id: call.eventId, ifMatch: call.ifMatch }, call);
      note(call, action, calendar, event);
      return eventResource(calendar, event, { maxAttendees: writeSchema.parse(call.query).maxAttendees });
    };
  }

  function move(call: ApiCall): object {
    const from = open(call, "write");
    const to = calendars.open(moveSchema.parse(call.query).destination, call.grant, "write");
    if (from === to) throw new GoogleRefusal(400, "invalid", "The destination is the event's own calendar.");
    const { left, arrived } = moveEvent(from, to, call.eventId, writerOf(call));
    note(call, "delete", from, left);
    note(call, "insert", to, arrived);
    return eventResource(to, arrived);
  }

  return {
    "events.insert": write("insert", (calendar, _target, call) => insertEvent(calendar, call.body, writerOf(call))),
    "events.update": write("update", (calendar, at, call) => updateEvent(calendar, at, call.body, writerOf(call))),
    "events.patch": write("patch", (calendar, at, call) => patchEvent(calendar, at, call.body, writerOf(call))),
    "events.delete": write("delete", (calendar, at, call) => deleteEvent(calendar, at, writerOf(call))),
    "events.move": move,
    "events.get": (call) => {
      const { timeZone, maxAttendees } = viewSchema.parse(call.query);
      const calendar = open(call, "read");
      return eventResource(calendar, findEvent(calendar, call.eventId), { zone: readZone(timeZone), maxAttendees });
    },
    "events.list": (call) => listEvents(open(call, "read"), call.query, now()),
    "events.watch": (call) => channels.watch(open(call, "read"), call.body, call.grant),
    "channels.stop": ({ body, grant }) => channels.stop(body, grant),
    "freebusy.query": ({ grant, body }) => queryFreeBusy(calendars, grant, body),
    "calendars.get": (call) => calendarResource(open(call, "read")),
    "calendarList.get": (call) => calendarListEntry(open(call, "read"), call.grant),
    "calendarList.list": ({ grant, query }) => listCalendars(calendars, grant, query),
  };
}
