import type { DeleteEventRequest, DeleteEventResponse } from "@bookproof/proto/calendar";
import { parseRequest } from "@bookproof/service";
import type { Deps } from "../deps.ts";
import { findCalendar } from "./find-calendar.ts";
import { eventAddress } from "./request-fields.ts";

/** Deletes an event by id; an absent or deleted one is a success. */
export const deleteEvent =
  (deps: Deps) =>
  async (request: DeleteEventRequest): Promise<DeleteEventResponse> => {
    const { tenantId, calendarId, eventId } = parseRequest(eventAddress, request);
    const calendar = await findCalendar(deps, tenantId, calendarId);
    await deps.openProvider(tenantId, calendar).delete(eventId);
    return {};
  };
