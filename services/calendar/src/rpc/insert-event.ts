import { BookproofError } from "@bookproof/errors";
import type { InsertEventRequest, InsertEventResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { toCalendarEvent } from "./calendar-event.ts";
import { findCalendar } from "./find-calendar.ts";
import { eventAddress, timeRange } from "./request-fields.ts";

const schema = eventAddress.extend({
  appointmentId: z.string().min(1, "must not be empty"),
  range: timeRange,
  summary: z.string(),
  description: z.string(),
  location: z.string(),
  notAfter: z.date(),
  cid: z.string(),
});

/** Inserts an event once, or says why not; a repeat under the same id can never make a second one. */
export const insertEvent =
  (deps: Deps) =>
  async (request: InsertEventRequest): Promise<InsertEventResponse> => {
    const { calendarId, eventId, range, ...event } = parseRequest(schema, request);
    const calendar = await findCalendar(deps, event.tenantId, calendarId);
    if (calendar.retired) throw new BookproofError("calendar_not_found");
    const provider = deps.openProvider(event.tenantId, calendar);
    if (deps.now() >= event.notAfter.getTime()) throw new BookproofError("too_late");
    const inserted = await provider.insert({ ...event, ...range, id: eventId });
    return { event: toCalendarEvent(inserted) };
  };
