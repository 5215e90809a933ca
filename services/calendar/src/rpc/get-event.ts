import type { GetEventRequest, GetEventResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { toCalendarEvent } from "./calendar-event.ts";
import { findCalendar } from "./find-calendar.ts";
import { eventAddress } from "./request-fields.ts";

/** Reads an event by id; no event in the answer proves that there is none. */
export const getEvent =
  (deps: Deps) =>
  async (request: GetEventRequest): Promise<GetEventResponse> => {
    const { tenantId, calendarId, eventId } = parseRequest(eventAddress, request);
    const calendar = await findCalendar(deps, tenantId, calendarId);
    const event = await deps.openProvider(tenantId, calendar).get(eventId);
    return { event: event && toCalendarEvent(event) };
  };
