import type { ListOwnEventsRequest, ListOwnEventsResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { toCalendarEvent } from "./calendar-event.ts";
import { findCalendar } from "./find-calendar.ts";
import { calendarId, shortRange, tenantId } from "./request-fields.ts";

const schema = z.object({ tenantId, calendarId, range: shortRange });

/** All live events of a tenant's appointments in a calendar, as its provider holds them now; also of a retired one. */
export const listOwnEvents =
  (deps: Deps) =>
  async (request: ListOwnEventsRequest): Promise<ListOwnEventsResponse> => {
    const asked = parseRequest(schema, request);
    const calendar = await findCalendar(deps, asked.tenantId, asked.calendarId);
    const events = await deps.openProvider(asked.tenantId, calendar).ownEvents(asked.range);
    return { events: events.map(toCalendarEvent) };
  };
