import { BookproofError } from "@bookproof/errors";
import type { PatchEventRequest, PatchEventResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import { z } from "zod";
import type { Deps } from "../deps.ts";
import { toCalendarEvent } from "./calendar-event.ts";
import { findCalendar } from "./find-calendar.ts";
import { eventAddress, timeRange } from "./request-fields.ts";

const schema = eventAddress.extend({
  appointmentId: z.string().min(1, "must not be empty"),
  range: timeRange,
  notAfter: z.date(),
  cid: z.string(),
});

/** Moves an event of ours once, or says why not; a repeat leaves it where it is. */
export const patchEvent =
  (deps: Deps) =>
  async (request: PatchEventRequest): Promise<PatchEventResponse> => {
    const { tenantId, calendarId, eventId, appointmentId, range, notAfter } = parseRequest(schema, request);
    const calendar = await findCalendar(deps, tenantId, calendarId);
    if (calendar.retired) throw new BookproofError("calendar_not_found");
    const provider = deps.openProvider(tenantId, calendar);
    if (deps.now() >= notAfter.getTime()) throw new BookproofError("too_late");
    return { event: toCalendarEvent(await provider.patch({ id: eventId, appointmentId, ...range, notAfter })) };
  };
