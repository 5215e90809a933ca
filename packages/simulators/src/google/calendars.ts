import { z } from "zod";
import type { EventTime } from "./event-time.ts";
import type { Grant } from "./oauth/tokens.ts";
import { GoogleRefusal } from "./refusal.ts";

/** A calendar as a test declares it. */
export const calendarDeclarationSchema = z.object({
  id: z.string().min(1),
  /** Its title; the id where there is none. */
  summary: z.string().optional(),
  /** IANA; the API shows times in it. */
  timeZone: z.string().default("UTC"),
  /** `none` makes it unreadable: 404, and an error in free/busy. */
  accessRole: z
    .enum(["owner", "writer", "writerWithoutPrivateAccess", "reader", "freeBusyReader", "none"])
    .default("owner"),
  /** Refresh tokens, service accounts and Google accounts that see it; absent means all. */
  sharedWith: z.array(z.string()).optional(),
  /** A reason that free/busy answers for this calendar instead of its busy times. */
  freeBusyError: z.enum(["notFound", "internalError"]).optional(),
});
export type CalendarDeclaration = z.input<typeof calendarDeclarationSchema>;

/** An event with everything the API keeps of it. Times are milliseconds since the epoch. */
export type StoredEvent = {
  id: string;
  status: "confirmed" | "tentative" | "cancelled";
  start: EventTime;
  end: EventTime;
  /** The client's other fields, as it wrote them. */
  fields: Record<string, unknown>;
  createdAt: number;
  updatedAt: number;
  /** Counts the changes of the whole calendar: the version of the ETag and the position for sync tokens. */
  version: number;
  /** Counts the changes of this event. */
  sequence: number;
  createdBy: string;
  /** Of an instance that was changed by itself: its series, and the start it has there. */
  recurringEventId?: string;
  originalStart?: EventTime;
  lastChangedBy: "api" | "hand";
};

export type Calendar = z.output<typeof calendarDeclarationSchema> & {
  events: Map<string, StoredEvent>;
  version: number;
  /** A sync token of an earlier generation is stale. */
  generation: number;
};

export type Calendars = {
  /** Adds a calendar, or changes the settings of one and keeps its events. */
  declare(calendar: CalendarDeclaration): Calendar;
  /** Undefined when it is unknown or hidden from the grant. `primary` is the calendar of the grant's account. */
  find(id: string, grant: Grant): Calendar | undefined;
  /** Whoever asks; undefined when it is unknown. */
  get(id: string): Calendar | undefined;
  /** @throws GoogleRefusal 404 notFound, 403 requiredAccessLevel */
  open(id: string, grant: Grant, access: "read" | "write"): Calendar;
  all(): Calendar[];
};

/** With `declared`, other calendars are unknown; without it each is made at its first use. */
export function createCalendars(declared: CalendarDeclaration[] | undefined): Calendars {
  const calendars = new Map<string, Calendar>();

  function declare(declaration: CalendarDeclaration): Calendar {
    const settings = calendarDeclarationSchema.parse(declaration);
    const { events, version, generation } = calendars.get(settings.id) ?? {
      events: new Map(),
      version: 0,
      generation: 1,
    };
    const calendar = { ...settings, events, version, generation };
    calendars.set(settings.id, calendar);
    return calendar;
  }

  function get(id: string): Calendar | undefined {
    return calendars.get(id) ?? (declared === undefined ? declare({ id }) : undefined);
  }

  function find(id: string, grant: Grant): Calendar | undefined {
    const calendar = get(id === "primary" ? (grant.account ?? id) : id);
    if (calendar === undefined || calendar.accessRole === "none") return undefined;
    const { sharedWith } = calendar;
    const isShared =
      sharedWith === undefined || [grant.id, grant.account].some((who) => who && sharedWith.includes(who));
    return isShared ? calendar : undefined;
  }

  declared?.forEach(declare);

  return {
    declare,
    get,
    find,
    open(id, grant, access) {
      const calendar = find(id, grant);
      if (calendar === undefined) throw new GoogleRefusal(404, "notFound", "Not Found");
      const role = calendar.accessRole;
      if (role === "freeBusyReader" || (access === "write" && role === "reader")) {
        const needed = access === "write" ? "writer" : "reader";
        throw new GoogleRefusal(403, "requiredAccessLevel", `You need to have ${needed} access to this calendar.`, {
          domain: "calendar",
        });
      }
      return calendar;
    },
    all: () => [...calendars.values()],
  };
}
